"""The licences of one publish are found without reading those of all: whoever notes one holds up all writers."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the index of the sixth version."""
    op.create_index("publish_licences_by_publish", "publish_licences", ["publish"])

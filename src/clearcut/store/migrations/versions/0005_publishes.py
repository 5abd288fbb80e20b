"""What a published version of a shot rested on, and from which cut it was published."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables and columns of the fifth version."""
    op.add_column("publishes", sa.Column("cut", sa.Text, nullable=True))
    op.add_column("publishes", sa.Column("said", sa.Text, nullable=True))
    op.create_table(
        "publish_uses",
        sa.Column(
            "publish", sa.Integer, sa.ForeignKey("publishes.number"), primary_key=True, autoincrement=False
        ),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("replica", sa.Text, nullable=False),
        sa.Column("performer", sa.Text, nullable=False),
        sa.Column("frames", sa.Integer, nullable=False),
    )
    op.create_index("publish_uses_by_performer", "publish_uses", ["performer"])
    op.create_table(
        "publish_licences",
        sa.Column("licence", sa.Text, primary_key=True),
        sa.Column("publish", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    )

"""Clearance requests, and the answers to writes that bore an idempotency key."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables of the second version."""
    op.create_table(
        "requests",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("production", sa.Text, nullable=False),
        sa.Column("shot", sa.Text, nullable=False),
        sa.Column("replica", sa.Text, nullable=False),
        sa.Column("codes", sa.Text, nullable=False),
        sa.Column("message", sa.Text, nullable=False),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("asked_at", sa.Text, nullable=False),
        sa.Column("answered_by", sa.Text, nullable=True),
        sa.Column("answered_at", sa.Text, nullable=True),
        sa.Column("licence", sa.Text, nullable=True),
        sa.Column("answer", sa.Text, nullable=False),
    )
    op.create_index("requests_by_shot", "requests", ["production", "shot"])
    op.create_table(
        "answered",
        sa.Column("holder", sa.Text, primary_key=True),
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("digest", sa.Text, nullable=False),
        sa.Column("status", sa.Integer, nullable=False),
        sa.Column("body", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
    )

"""Registered versions of cuts, what they use, which one governs, and what was published."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Makes the tables of the fourth version."""
    op.create_table(
        "cuts",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("production", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("question", sa.Text, nullable=False),
        sa.Column("registered_by", sa.Text, nullable=False),
        sa.Column("registered_at", sa.Text, nullable=False),
        sa.Column("decision", sa.Text, nullable=False),
        sa.Column("totals", sa.Text, nullable=False),
    )
    op.create_index("cuts_by_version", "cuts", ["production", "version"], unique=True)
    op.create_table(
        "governing",
        sa.Column("production", sa.Text, primary_key=True),
        sa.Column("revision", sa.Integer, nullable=False),
        sa.Column("cut", sa.Integer, sa.ForeignKey("cuts.number"), nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
        sa.Column("why", sa.Text, nullable=False),
    )
    op.create_table(
        "cut_uses",
        sa.Column("cut", sa.Integer, sa.ForeignKey("cuts.number"), primary_key=True, autoincrement=False),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("shot", sa.Text, nullable=False),
        sa.Column("replica", sa.Text, nullable=False),
        sa.Column("performer", sa.Text, nullable=False),
        sa.Column("outcome", sa.Text, nullable=False),
        sa.Column("frames", sa.Integer, nullable=False),
        sa.Column("screen", sa.Text, nullable=False),
    )
    op.create_index("cut_uses_by_performer", "cut_uses", ["performer"])
    op.create_table(
        "cut_licences",
        sa.Column("licence", sa.Text, primary_key=True),
        sa.Column("cut", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("place", sa.Integer, primary_key=True, autoincrement=False),
    )
    op.create_table(
        "publishes",
        sa.Column("number", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("production", sa.Text, nullable=False),
        sa.Column("shot", sa.Text, nullable=False),
        sa.Column("version", sa.Text, nullable=False),
        sa.Column("by", sa.Text, nullable=False),
        sa.Column("at", sa.Text, nullable=False),
    )
    op.create_index("publishes_by_shot", "publishes", ["production", "shot"])

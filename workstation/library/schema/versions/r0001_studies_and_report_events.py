"""First step: the studies that were opened, and the events of their reports."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make both tables."""
    words = (
        "patient_name",
        "patient_id",
        "birth_date",
        "sex",
        "accession_number",
        "study_date",
        "description",
        "modalities",
    )
    op.create_table(
        "studies",
        sa.Column("study_uid", sa.String, primary_key=True),
        *(sa.Column(word, sa.String, nullable=False) for word in words),
        sa.Column("instances", sa.Integer, nullable=False),
        sa.Column("sources", sa.Text, nullable=False),
        sa.Column("opened_at", sa.String, nullable=False, index=True),
    )
    op.create_table(
        "report_events",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("report_id", sa.String, nullable=False, index=True),
        sa.Column("study_uid", sa.String, nullable=False, index=True),
        sa.Column("sequence", sa.Integer, nullable=False),
        sa.Column("event", sa.Text, nullable=False),
        sa.UniqueConstraint("report_id", "sequence"),
    )


def downgrade() -> None:
    """Take both tables away."""
    op.drop_table("report_events")
    op.drop_table("studies")

"""Second step: the marks of readers, one row per study."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Make the table."""
    op.create_table(
        "study_marks",
        sa.Column("study_key", sa.String, primary_key=True),
        sa.Column("marks", sa.Text, nullable=False),
    )


def downgrade() -> None:
    """Take the table away."""
    op.drop_table("study_marks")

"""What counts as clean is kept with each set: the next one may be trained more strictly."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

FILL = """
UPDATE sets SET strictness =
    (SELECT strictness FROM sessions WHERE sessions.id = sets.session_id)
"""
"""Until now a session's sets were all counted alike, by what it had last."""


def upgrade() -> None:
    """Add the column, and say of the sets there are what they were counted by."""
    op.add_column("sets", sa.Column("strictness", sa.String(8), nullable=True))
    op.execute(FILL)

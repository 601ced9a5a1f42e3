"""What days and hours of the week add up to, kept by triggers of the database itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

FILL_DAYS = """
INSERT INTO gym_days (day, source, sessions, reps, judged, clean)
SELECT day, source, count(*), sum(reps),
    sum(left_judged + right_judged + both_judged), sum(left_clean + right_clean + both_clean)
FROM session_totals GROUP BY day, source
"""
FILL_HOURS = """
INSERT INTO gym_hours (weekday, hour, source, sessions, reps)
SELECT (day - 1) % 7, hour, source, count(*), sum(reps)
FROM session_totals GROUP BY (day - 1) % 7, hour, source
"""
ADD = """
    INSERT INTO gym_days (day, source, sessions, reps, judged, clean)
    VALUES (NEW.day, NEW.source, 1, NEW.reps,
        NEW.left_judged + NEW.right_judged + NEW.both_judged,
        NEW.left_clean + NEW.right_clean + NEW.both_clean)
    ON CONFLICT (day, source) DO UPDATE SET sessions = sessions + 1, reps = reps + excluded.reps,
        judged = judged + excluded.judged, clean = clean + excluded.clean;
    INSERT INTO gym_hours (weekday, hour, source, sessions, reps)
    VALUES ((NEW.day - 1) % 7, NEW.hour, NEW.source, 1, NEW.reps)
    ON CONFLICT (weekday, hour, source) DO UPDATE SET sessions = sessions + 1,
        reps = reps + excluded.reps;
"""
TAKE_AWAY = """
    UPDATE gym_days SET sessions = sessions - 1, reps = reps - OLD.reps,
        judged = judged - (OLD.left_judged + OLD.right_judged + OLD.both_judged),
        clean = clean - (OLD.left_clean + OLD.right_clean + OLD.both_clean)
    WHERE day = OLD.day AND source = OLD.source;
    UPDATE gym_hours SET sessions = sessions - 1, reps = reps - OLD.reps
    WHERE weekday = (OLD.day - 1) % 7 AND hour = OLD.hour AND source = OLD.source;
"""
TRIGGERS = {"insert": ADD, "delete": TAKE_AWAY, "update": TAKE_AWAY + ADD}


def upgrade() -> None:
    """Make the sums, fill them, and have them kept."""
    op.create_table(
        "gym_days",
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("reps", sa.Integer(), nullable=False),
        sa.Column("judged", sa.Integer(), nullable=False),
        sa.Column("clean", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "source", name="pk_gym_days"),
    )
    op.create_table(
        "gym_hours",
        sa.Column("weekday", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("sessions", sa.Integer(), nullable=False),
        sa.Column("reps", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("weekday", "hour", "source", name="pk_gym_hours"),
    )
    op.create_index("ix_sessions_source_position", "sessions", ["source", "position"])
    op.execute(FILL_DAYS)
    op.execute(FILL_HOURS)
    for occasion, statements in TRIGGERS.items():
        op.execute(
            f"CREATE TRIGGER session_totals_{occasion} AFTER {occasion} ON session_totals "
            f"BEGIN {statements} END"
        )

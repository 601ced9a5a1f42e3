"""Sessions, sets, reps and calibrations."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from device.store.schema import UtcDateTime

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Make the first tables."""
    op.create_table(
        "calibrations",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("first_used_utc", UtcDateTime(), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_calibrations"),
        sa.UniqueConstraint("digest", name="uq_calibrations_digest"),
    )
    op.create_table(
        "sessions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=True),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("state", sa.String(16), nullable=False),
        sa.Column("calibrated", sa.Boolean(), nullable=False),
        sa.Column("calibration_id", sa.Uuid(), nullable=True),
        sa.Column("started_utc", UtcDateTime(), nullable=False),
        sa.Column("ended_utc", UtcDateTime(), nullable=True),
        sa.Column("duration_s", sa.Double(), nullable=False),
        sa.Column("last_utc", UtcDateTime(), nullable=False),
        sa.Column("last_monotonic_s", sa.Double(), nullable=False),
        sa.Column("last_boot_id", sa.String(36), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_sessions"),
        sa.UniqueConstraint("position", name="uq_sessions_position"),
        sa.ForeignKeyConstraint(
            ["calibration_id"], ["calibrations.id"], name="fk_sessions_calibration_id"
        ),
        sa.CheckConstraint("source IN ('mat', 'demo', 'replay')", name="ck_sessions_source"),
        sa.CheckConstraint("state IN ('open', 'ended', 'interrupted')", name="ck_sessions_state"),
    )
    op.create_index("ix_sessions_member_id", "sessions", ["member_id"])
    op.create_index("ix_sessions_state", "sessions", ["state"])
    op.create_table(
        "sets",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("started_utc", UtcDateTime(), nullable=False),
        sa.Column("ended_utc", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_sets"),
        sa.UniqueConstraint("session_id", "number", name="uq_sets_session_id_number"),
        sa.ForeignKeyConstraint(["session_id"], ["sessions.id"], name="fk_sets_session_id"),
    )
    op.create_table(
        "reps",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("set_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("ended_utc", UtcDateTime(), nullable=False),
        sa.Column("side", sa.String(8), nullable=False),
        sa.Column("verdict", sa.String(8), nullable=False),
        sa.Column("confidence", sa.Double(), nullable=False),
        sa.Column("start_s", sa.Double(), nullable=False),
        sa.Column("top_s", sa.Double(), nullable=False),
        sa.Column("end_s", sa.Double(), nullable=False),
        sa.Column("at_s", sa.Double(), nullable=False),
        sa.Column("lift_s", sa.Double(), nullable=False),
        sa.Column("hold_s", sa.Double(), nullable=False),
        sa.Column("lower_s", sa.Double(), nullable=False),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.Column("numbers", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_reps"),
        sa.UniqueConstraint("set_id", "number", name="uq_reps_set_id_number"),
        sa.ForeignKeyConstraint(["set_id"], ["sets.id"], name="fk_reps_set_id"),
    )

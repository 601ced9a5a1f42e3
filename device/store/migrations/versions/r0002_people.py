"""Members, trainers and what they say; what was trained, and what each session adds up to."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from device.store.schema import UtcDateTime

revision = "0002"
down_revision = "0001"

COUNTS = (
    "sets",
    "reps",
    "left_judged",
    "left_clean",
    "right_judged",
    "right_clean",
    "both_judged",
    "both_clean",
)
# Python counts days from 1 January of the year 1, SQLite from 1721424.5 days earlier.
FILL_TOTALS = """
INSERT INTO session_totals (session_id, source, day, hour, sets, reps,
    left_judged, left_clean, right_judged, right_clean, both_judged, both_clean,
    lift_s, hold_s, lower_s, faults)
SELECT sessions.id, sessions.source,
    CAST(julianday(date(sessions.started_utc, 'localtime')) - 1721424.5 AS INTEGER),
    CAST(strftime('%H', sessions.started_utc, 'localtime') AS INTEGER),
    count(DISTINCT sets.id), count(reps.id),
    count(CASE WHEN reps.side = 'left' AND reps.verdict != 'unsure' THEN 1 END),
    count(CASE WHEN reps.side = 'left' AND reps.verdict = 'glute' THEN 1 END),
    count(CASE WHEN reps.side = 'right' AND reps.verdict != 'unsure' THEN 1 END),
    count(CASE WHEN reps.side = 'right' AND reps.verdict = 'glute' THEN 1 END),
    count(CASE WHEN reps.side = 'both' AND reps.verdict != 'unsure' THEN 1 END),
    count(CASE WHEN reps.side = 'both' AND reps.verdict = 'glute' THEN 1 END),
    total(reps.lift_s), total(reps.hold_s), total(reps.lower_s), '{}'
FROM sessions
LEFT JOIN sets ON sets.session_id = sessions.id
LEFT JOIN reps ON reps.set_id = sets.id
GROUP BY sessions.id
"""

FILL_FAULTS = """
UPDATE session_totals SET faults = coalesce((
    SELECT json_group_object(fault, many) FROM (
        SELECT json_each.value AS fault, count(*) AS many
        FROM sets JOIN reps ON reps.set_id = sets.id, json_each(reps.faults)
        WHERE sets.session_id = session_totals.session_id
        GROUP BY json_each.value)
), '{}')
"""


def upgrade() -> None:
    """Add what was trained to the sessions, and the new tables; sum up the sessions there are."""
    op.add_column("sessions", sa.Column("variation", sa.String(16), nullable=True))
    op.add_column("sessions", sa.Column("strictness", sa.String(8), nullable=True))
    op.add_column("sessions", sa.Column("plan", sa.JSON(), nullable=True))
    op.add_column("sessions", sa.Column("weight_noticed", sa.Boolean(), nullable=True))
    op.create_index("ix_sessions_started_utc", "sessions", ["started_utc"])
    op.create_index("ix_sessions_member_id_position", "sessions", ["member_id", "position"])
    op.drop_index("ix_sessions_member_id", "sessions")
    _make_totals()
    _make_people()
    _make_words_of_trainers()
    _make_accounts()
    _make_gym()
    op.execute(FILL_TOTALS)
    op.execute(FILL_FAULTS)


def _make_totals() -> None:
    op.create_table(
        "session_totals",
        sa.Column("session_id", sa.Uuid(), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("day", sa.Integer(), nullable=False),
        sa.Column("hour", sa.Integer(), nullable=False),
        *(sa.Column(name, sa.Integer(), nullable=False) for name in COUNTS),
        *(sa.Column(name, sa.Double(), nullable=False) for name in ("lift_s", "hold_s", "lower_s")),
        sa.Column("faults", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("session_id", name="pk_session_totals"),
        sa.ForeignKeyConstraint(
            ["session_id"], ["sessions.id"], name="fk_session_totals_session_id"
        ),
    )
    op.create_index("ix_session_totals_day_source", "session_totals", ["day", "source"])
    op.create_table(
        "rep_traces",
        sa.Column("rep_id", sa.Uuid(), nullable=False),
        sa.Column("at_utc", UtcDateTime(), nullable=False),
        sa.Column("document", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("rep_id", name="pk_rep_traces"),
        sa.ForeignKeyConstraint(["rep_id"], ["reps.id"], name="fk_rep_traces_rep_id"),
    )
    op.create_index("ix_rep_traces_at_utc", "rep_traces", ["at_utc"])


def _make_people() -> None:
    op.create_table(
        "members",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("code", sa.String(4), nullable=True),
        sa.Column("height_cm", sa.Double(), nullable=True),
        sa.Column("mass_kg", sa.Double(), nullable=True),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("consent_utc", UtcDateTime(), nullable=True),
        sa.Column("created_utc", UtcDateTime(), nullable=False),
        sa.Column("acknowledged_utc", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_members"),
        sa.UniqueConstraint("code", name="uq_members_code"),
    )
    op.create_table(
        "programmes",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("variation", sa.String(16), nullable=False),
        sa.Column("sets", sa.Integer(), nullable=False),
        sa.Column("reps", sa.Integer(), nullable=False),
        sa.Column("lift_s", sa.Double(), nullable=False),
        sa.Column("hold_s", sa.Double(), nullable=False),
        sa.Column("lower_s", sa.Double(), nullable=False),
        sa.Column("rest_s", sa.Double(), nullable=False),
        sa.Column("strictness", sa.String(8), nullable=False),
        sa.Column("ankle_weight_kg", sa.Double(), nullable=True),
        sa.Column("decided_utc", UtcDateTime(), nullable=False),
        sa.Column("decided_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("member_id", name="pk_programmes"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_programmes_member_id"),
    )
    op.create_table(
        "decisions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("at_utc", UtcDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("proposal", sa.Text(), nullable=False),
        sa.Column("decision", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_decisions"),
        sa.ForeignKeyConstraint(["member_id"], ["members.id"], name="fk_decisions_member_id"),
    )
    op.create_index("ix_decisions_member_id", "decisions", ["member_id"])


def _make_words_of_trainers() -> None:
    op.create_table(
        "corrections",
        sa.Column("rep_id", sa.Uuid(), nullable=False),
        sa.Column("verdict", sa.String(8), nullable=False),
        sa.Column("program", sa.String(8), nullable=False),
        sa.Column("source", sa.String(16), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("at_utc", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("rep_id", name="pk_corrections"),
        sa.ForeignKeyConstraint(["rep_id"], ["reps.id"], name="fk_corrections_rep_id"),
    )
    op.create_table(
        "marks",
        sa.Column("rep_id", sa.Uuid(), nullable=False),
        sa.Column("at_utc", UtcDateTime(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("rep_id", name="pk_marks"),
        sa.ForeignKeyConstraint(["rep_id"], ["reps.id"], name="fk_marks_rep_id"),
    )
    op.create_table(
        "mark_frames",
        sa.Column("rep_id", sa.Uuid(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("rep_id", name="pk_mark_frames"),
        sa.ForeignKeyConstraint(["rep_id"], ["marks.rep_id"], name="fk_mark_frames_rep_id"),
    )


def _make_accounts() -> None:
    op.create_table(
        "accounts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("role", sa.String(8), nullable=False),
        sa.Column("password_hash", sa.Text(), nullable=False),
        sa.Column("created_utc", UtcDateTime(), nullable=False),
        sa.Column("disabled", sa.Boolean(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_accounts"),
        sa.UniqueConstraint("key", name="uq_accounts_key"),
        sa.CheckConstraint("role IN ('trainer', 'owner')", name="ck_accounts_role"),
    )
    op.create_table(
        "tokens",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("account_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(64), nullable=False),
        sa.Column("created_utc", UtcDateTime(), nullable=False),
        sa.Column("last_used_utc", UtcDateTime(), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_tokens"),
        sa.UniqueConstraint("digest", name="uq_tokens_digest"),
        sa.ForeignKeyConstraint(["account_id"], ["accounts.id"], name="fk_tokens_account_id"),
    )
    op.create_index("ix_tokens_account_id", "tokens", ["account_id"])
    op.create_table(
        "login_attempts",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("origin", sa.Text(), nullable=False),
        sa.Column("at_utc", UtcDateTime(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_login_attempts"),
    )
    op.create_index("ix_login_attempts_key_at_utc", "login_attempts", ["key", "at_utc"])


def _make_gym() -> None:
    op.create_table(
        "audit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("at_utc", UtcDateTime(), nullable=False),
        sa.Column("who", sa.Text(), nullable=False),
        sa.Column("what", sa.String(32), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("details", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_audit"),
        sa.UniqueConstraint("position", name="uq_audit_position"),
    )
    op.create_table(
        "gym_rules",
        sa.Column("key", sa.String(32), nullable=False),
        sa.Column("value", sa.JSON(), nullable=False),
        sa.Column("changed_utc", UtcDateTime(), nullable=False),
        sa.Column("changed_by", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_gym_rules"),
    )
    op.create_table(
        "equipment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("at_utc", UtcDateTime(), nullable=False),
        sa.Column("kind", sa.String(16), nullable=False),
        sa.Column("document", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_equipment"),
        sa.UniqueConstraint("position", name="uq_equipment_position"),
        sa.CheckConstraint("kind IN ('doctor', 'calibration', 'drift')", name="ck_equipment_kind"),
    )
    op.create_index("ix_equipment_kind_position", "equipment", ["kind", "position"])

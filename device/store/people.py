"""Members and their programmes: what the kiosk looks up and the trainer keeps."""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from dataclasses import fields as fields_of
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from device.coach.programme import Strictness, Variation
from device.errors import FieldError, StoreError
from device.store import fields
from device.store.access import Editor
from device.store.forget import forget_member
from device.store.member_export import member_head, session_document, session_ids
from device.store.schema import SessionRow
from device.store.schema_people import MemberRow, ProgrammeRow

MEMBER_CHECKS = {
    "name": fields.name,
    "code": fields.code,
    "height_cm": fields.maybe(fields.number(fields.HEIGHT_CM)),
    "mass_kg": fields.maybe(fields.number(fields.MASS_KG)),
    "notes": fields.notes,
    "consent_utc": fields.maybe(fields.moment),
}
"""The fields of a member that a form may set, each with its check."""
PROGRAMME_CHECKS = {
    "variation": fields.one_of(Variation),
    "sets": fields.whole(fields.SETS),
    "reps": fields.whole(fields.REPS),
    "lift_s": fields.number(fields.LIFT_S),
    "hold_s": fields.number(fields.HOLD_S),
    "lower_s": fields.number(fields.LIFT_S),
    "rest_s": fields.number(fields.REST_S),
    "strictness": fields.one_of(Strictness),
    "ankle_weight_kg": fields.maybe(fields.number(fields.ANKLE_WEIGHT_KG)),
}
"""The fields of a programme that a form may set, each with its check."""


@dataclass(frozen=True, slots=True)
class Member:
    """A member; None is what nobody said. `acknowledged_utc` is the last answer to the safety
    page."""

    id: UUID
    name: str
    code: str | None
    height_cm: float | None
    mass_kg: float | None
    notes: str
    consent_utc: datetime | None
    created_utc: datetime
    acknowledged_utc: datetime | None


MEMBER_COLUMNS = tuple(getattr(MemberRow, field.name) for field in fields_of(Member))
"""A list of members is read by columns, in a third of the time that whole rows take."""


@dataclass(frozen=True, slots=True)
class Programme:
    """What a trainer decided that a member trains: the fields of a plan, by whom and when."""

    variation: Variation
    sets: int
    reps: int
    lift_s: float
    hold_s: float
    lower_s: float
    rest_s: float
    strictness: Strictness
    ankle_weight_kg: float | None
    decided_utc: datetime
    decided_by: str


def programme_from_fields(
    given: Mapping[str, Any], by: str, at_utc: datetime | None = None
) -> Programme:
    """A programme from a form's fields; `FieldError` has a sentence for each that is wrong."""
    required = {field: given.get(field, "") for field in PROGRAMME_CHECKS}
    values = fields.checked({**given, **required}, PROGRAMME_CHECKS)
    values["variation"] = Variation(values["variation"])
    values["strictness"] = Strictness(values["strictness"])
    return Programme(**values, decided_utc=at_utc or datetime.now(UTC), decided_by=by)


class People(Editor):
    """The members in the database at `path`, to read and to change, from any thread."""

    def by_code(self, code: str) -> Member | None:
        """The member who has this code."""
        with self.reading() as session:
            row = session.scalar(select(MemberRow).where(MemberRow.code == code))
            return None if row is None else _member(row)

    def get(self, member_id: UUID) -> Member | None:
        """The member of this id."""
        with self.reading() as session:
            row = session.get(MemberRow, member_id)
            return None if row is None else _member(row)

    def search(self, text: str = "", limit: int = 50) -> tuple[Member, ...]:
        """Members whose name holds all words of `text`, whatever their case and accents, or whose
        code it is; by name."""
        words = folded(text).split()
        with self.reading() as session:
            known = session.execute(select(MemberRow.id, MemberRow.name, MemberRow.code))
            keyed = [(folded(name), member_id, code) for member_id, name, code in known]
            found = [
                (key, member_id)
                for key, member_id, code in keyed
                if all(word in key for word in words) or code == text.strip()
            ]
            wanted = [member_id for _, member_id in sorted(found)[:limit]]
            rows = session.execute(select(*MEMBER_COLUMNS).where(MemberRow.id.in_(wanted)))
            members = {row.id: Member(*row) for row in rows}
        return tuple(members[member_id] for member_id in wanted if member_id in members)

    def names(self, member_ids: Collection[UUID] | None = None) -> dict[UUID, str]:
        """The names of these members, or of all, by name."""
        query = select(MemberRow.id, MemberRow.name)
        if member_ids is not None:
            query = query.where(MemberRow.id.in_(member_ids))
        with self.reading() as session:
            found = [(member_id, name) for member_id, name in session.execute(query)]
        return dict(sorted(found, key=lambda one: folded(one[1])))

    def count(self) -> int:
        """How many members there are."""
        with self.reading() as session:
            return session.scalar(select(func.count(MemberRow.id))) or 0

    def create(self, given: Mapping[str, Any]) -> Member:
        """A new member from a form's fields (`MEMBER_CHECKS`); only the name is required."""
        values = fields.checked({"name": "", **given}, MEMBER_CHECKS)
        row = MemberRow(id=uuid4(), created_utc=datetime.now(UTC), **{"notes": "", **values})
        with self.changing() as session:
            _check_code(session, row.code, row.id)
            session.add(row)
            session.flush()
            return _member(row)

    def change(self, member_id: UUID, given: Mapping[str, Any]) -> Member:
        """Change the given fields; the others stay."""
        values = fields.checked(given, MEMBER_CHECKS)
        with self.changing() as session:
            row = _required(session, member_id)
            _check_code(session, values.get("code"), member_id)
            for field, value in values.items():
                setattr(row, field, value)
            session.flush()
            return _member(row)

    def delete(self, member_id: UUID) -> None:
        """Delete the member with everything that was ever stored of them.

        Nothing of it is left in the bytes of the database, and a backup from before gives none of
        it back. `StoreError` while the member is on the mat.
        """
        forget_member(self.writing_engine(), self._path, member_id)

    def export(self, member_id: UUID) -> dict[str, Any]:
        """Everything that is stored of the member, as a plain document for JSON."""
        document: dict[str, Any] = json.loads("".join(self.export_text(member_id)))
        return document

    def export_text(self, member_id: UUID) -> Iterator[str]:
        """The same as JSON text, session by session: the first of it comes at once, and years of
        training need no more memory than one session."""
        with self.reading() as session:
            head = member_head(session, _required(session, member_id).id)
            sessions = session_ids(session, member_id)
        return _written_out(head, self._documents(sessions))

    def _documents(self, sessions: Iterable[UUID]) -> Iterator[dict[str, Any]]:
        for session_id in sessions:
            with self.reading() as session:
                document = session_document(session, session_id)
            if document is not None:
                yield document

    def claim(self, session_id: UUID, member_id: UUID | None) -> None:
        """A guest's session becomes the member's; None makes it a guest's again."""
        with self.changing() as session:
            if member_id is not None:
                _required(session, member_id)
            found = session.get(SessionRow, session_id)
            if found is None:
                raise StoreError("there is no such session; look at the list of sessions again.")
            if member_id is not None and found.member_id not in (None, member_id):
                raise StoreError(
                    "this session is another member's; make it a guest's first if that is wrong."
                )
            found.member_id = member_id

    def programme(self, member_id: UUID) -> Programme | None:
        """What a trainer decided for the member; None where the rule decides."""
        with self.reading() as session:
            row = session.get(ProgrammeRow, member_id)
            return None if row is None else _programme(row)

    def set_programme(self, member_id: UUID, programme: Programme | None) -> None:
        """Decide for the member; None leaves it to the rule again."""
        with self.changing() as session:
            _required(session, member_id)
            if (row := session.get(ProgrammeRow, member_id)) is not None:
                session.delete(row)
                session.flush()
            if programme is not None:
                session.add(_programme_row(member_id, programme))

    def acknowledge(self, member_id: UUID, utc: datetime) -> None:
        """The member has read the safety page."""
        with self.changing() as session:
            session.execute(
                update(MemberRow).where(MemberRow.id == member_id).values(acknowledged_utc=utc)
            )


def _written_out(head: Mapping[str, Any], sessions: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield json.dumps(head, ensure_ascii=False, indent=1).removesuffix("\n}") + ',\n "sessions": ['
    between = "\n"
    for document in sessions:
        yield between + json.dumps(document, ensure_ascii=False)
        between = ",\n"
    yield "\n ]\n}\n"


def folded(text: str) -> str:
    """Text as it is searched: without case and accents."""
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _required(session: Session, member_id: UUID) -> MemberRow:
    row = session.get(MemberRow, member_id)
    if row is None:
        raise StoreError("there is no such member (any more); look at the list again.")
    return row


def _check_code(session: Session, code: str | None, member_id: UUID) -> None:
    if code is None:
        return
    taken = select(MemberRow.id).where(MemberRow.code == code, MemberRow.id != member_id)
    if session.scalar(taken) is not None:
        raise FieldError({"code": "Another member has this code; choose another."})


def _member(row: MemberRow) -> Member:
    return Member(
        id=row.id,
        name=row.name,
        code=row.code,
        height_cm=row.height_cm,
        mass_kg=row.mass_kg,
        notes=row.notes,
        consent_utc=row.consent_utc,
        created_utc=row.created_utc,
        acknowledged_utc=row.acknowledged_utc,
    )


def _programme(row: ProgrammeRow) -> Programme:
    return Programme(
        variation=Variation(row.variation),
        sets=row.sets,
        reps=row.reps,
        lift_s=row.lift_s,
        hold_s=row.hold_s,
        lower_s=row.lower_s,
        rest_s=row.rest_s,
        strictness=Strictness(row.strictness),
        ankle_weight_kg=row.ankle_weight_kg,
        decided_utc=row.decided_utc,
        decided_by=row.decided_by,
    )


def _programme_row(member_id: UUID, programme: Programme) -> ProgrammeRow:
    return ProgrammeRow(
        member_id=member_id,
        variation=programme.variation.value,
        sets=programme.sets,
        reps=programme.reps,
        lift_s=programme.lift_s,
        hold_s=programme.hold_s,
        lower_s=programme.lower_s,
        rest_s=programme.rest_s,
        strictness=programme.strictness.value,
        ankle_weight_kg=programme.ankle_weight_kg,
        decided_utc=programme.decided_utc,
        decided_by=programme.decided_by,
    )

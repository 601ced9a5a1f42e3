"""The API that only reads, for programs with a token of an account. Its document is made from the
same table as its addresses."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar
from uuid import UUID

from flask import Blueprint, jsonify, render_template
from flask.typing import ResponseReturnValue

from device.core.types import Verdict
from device.errors import StoreError
from device.store.gym import Agreement, EquipmentNote, Gym, GymWeek, Use
from device.store.people import Member, People, Programme
from device.store.progress import Progress, Week
from device.store.queries import History, SessionSummary, StoredSession
from device.store.reviews import Correction, Decision, Reviews
from web.trainer.access import Access, open_to
from web.trainer.openapi import Read, document
from web.trainer.plain import plain
from web.trainer.query import BEFORE, Query, QueryError
from web.trainer.shown import Shown

Thing = TypeVar("Thing")

BASE = "/api/v1"
LIMIT = Query("limit", int, "At most so many.", high=500, default=100)
SINCE = Query("since", date, "Only from this day on.")
TEXT = Query("text", str, "A part of the name, or the code.", default="")
MEMBER = Query("member_id", UUID, "Only of this member.")


@dataclass(frozen=True, slots=True)
class AgreementSums:
    """How trainers' verdicts agree with the program's: the lifts that a trainer judged, those with
    the same verdict, Cohen's kappa (null where it says nothing), and the lifts by the program's
    verdict and then the trainer's."""

    reps: int
    same: int
    kappa: float | None
    program_trainer: dict[str, dict[str, int]]


def sums_of(agreement: Agreement) -> AgreementSums:
    """The sums of an agreement, with names in place of pairs."""
    counts = {
        program.value: {trainer.value: agreement.counts[program, trainer] for trainer in Verdict}
        for program in Verdict
    }
    return AgreementSums(agreement.reps, agreement.same, agreement.kappa, counts)


class NotThereError(Exception):
    """There is nothing of that id."""


def api_pages(
    *,
    people: People,
    progress: Shown[Progress],
    history: History,
    reviews: Reviews,
    gym: Shown[Gym],
) -> Blueprint:
    """The addresses below `/trainer/api/v1`, their document, and a page about both."""
    pages = Blueprint("api", __name__)

    def of_member(member_id: UUID) -> Member:
        return _there(people.get(member_id))

    def programme(member_id: UUID) -> Programme | None:
        of_member(member_id)
        return people.programme(member_id)

    def weeks(member_id: UUID) -> tuple[Week, ...]:
        of_member(member_id)
        return progress().weeks(member_id)

    def decisions(member_id: UUID) -> tuple[Decision, ...]:
        of_member(member_id)
        return reviews.decisions(member_id)

    def corrections(session_id: UUID) -> tuple[Correction, ...]:
        _there(history.session(session_id))
        return tuple(reviews.corrections(session_id).values())

    reads = (
        Read("/members", "The members, by name", tuple[Member, ...], people.search, (TEXT, LIMIT)),
        Read("/members/{member_id}", "One member", Member, of_member),
        Read(
            "/members/{member_id}/programme",
            "What a trainer decided; null where the rule decides",
            Programme | None,
            programme,
        ),
        Read(
            "/members/{member_id}/weeks",
            "The weeks in which a member lifted, the oldest first",
            tuple[Week, ...],
            weeks,
        ),
        Read(
            "/members/{member_id}/decisions",
            "What trainers made of the rule's proposals, the newest first",
            tuple[Decision, ...],
            decisions,
        ),
        Read(
            "/sessions",
            "The sessions, the newest first",
            tuple[SessionSummary, ...],
            history.sessions,
            (LIMIT, BEFORE, MEMBER),
        ),
        Read(
            "/sessions/{session_id}",
            "One session with its sets and lifts",
            StoredSession,
            lambda session_id: _there(history.session(session_id)),
        ),
        Read(
            "/sessions/{session_id}/corrections",
            "What trainers said of a session's lifts",
            tuple[Correction, ...],
            corrections,
        ),
        Read(
            "/sessions/{session_id}/reps/{rep_id}/trace",
            "How a lift went, at 20 instants a second",
            dict[str, Any],
            lambda session_id, rep_id: _there(reviews.trace(rep_id)),
        ),
        Read("/gym/use", "Use by weekday and hour", Use, lambda since: gym().use(since), (SINCE,)),
        Read(
            "/gym/weeks",
            "The gym's weeks",
            tuple[GymWeek, ...],
            lambda since: gym().weeks(since),
            (SINCE,),
        ),
        Read(
            "/gym/agreement",
            "How trainers and program agree",
            AgreementSums,
            lambda: sums_of(gym().agreement()),
        ),
        Read(
            "/gym/equipment",
            "What checks found of the mat, the newest first",
            tuple[EquipmentNote, ...],
            lambda limit: gym().equipment(limit=limit),
            (LIMIT,),
        ),
    )
    for read in reads:
        rule = read.path
        for name in read.ids:
            rule = rule.replace(f"{{{name}}}", f"<uuid:{name}>")
        pages.add_url_rule(
            BASE + rule, read.name, open_to(Access.TOKEN)(_view(read)), methods=["GET"]
        )

    @pages.get(f"{BASE}/openapi.json")
    @open_to(Access.TOKEN)
    def openapi() -> ResponseReturnValue:
        return jsonify(document(reads, BASE))

    @pages.get("/api")
    @open_to(Access.TRAINER)
    def document_page() -> str:
        return render_template("trainer/api.html", reads=reads, base=BASE)

    return pages


def _view(read: Read) -> Callable[..., ResponseReturnValue]:
    def view(**ids: UUID) -> ResponseReturnValue:
        try:
            asked = {query.name: query.value() for query in read.queries}
            return jsonify(plain(read.function(**ids, **asked)))
        except QueryError as error:
            return jsonify(error=str(error)), 400
        except NotThereError as error:
            return jsonify(error=str(error)), 404
        except StoreError as error:
            return jsonify(error=str(error)), 503

    return view


def _there(found: Thing | None) -> Thing:
    if found is None:
        raise NotThereError("there is nothing of this id.")
    return found

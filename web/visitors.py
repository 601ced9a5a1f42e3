"""Who comes to the mat's own screen: a member's four-digit code, and today's set chosen by touch.

The daemon looks nobody up; this process does, and tells it what it has to know of a member.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Protocol
from uuid import UUID

from flask import Flask, Response, jsonify, request

from device.coach.programme import Variation
from device.coach.progression import Practice
from device.coach.welcome import identify_request, offer_json, offered
from device.errors import StoreError, StreamError
from device.store.people import Member, Programme
from device.store.progress import Comparison
from web.hub import Hub

WRONG_CODES = 5
"""After so many wrong codes in a row nobody is looked up for a while: ten thousand codes are soon
tried by hand."""
LOCKED_S = 60.0
ACKNOWLEDGED_FOR = timedelta(days=365)
"""A member reads the safety page once a year."""
SESSIONS = 10
"""As far back as the rule looks for what is earned."""


class People(Protocol):
    """What is looked up of members; see `device.store.people.People`."""

    def by_code(self, code: str) -> Member | None: ...

    def programme(self, member_id: UUID) -> Programme | None: ...


class Progress(Protocol):
    """What members have trained; see `device.store.progress.Progress`."""

    def practices(self, member_id: UUID, limit: int = 10) -> Sequence[Practice]: ...

    def latest(self, member_id: UUID, variation: Variation) -> Comparison | None: ...


class CodeLock:
    """Counts wrong codes; may be asked from any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._guard = threading.Lock()
        self._wrong = 0
        self._until_s = float("-inf")

    @property
    def wait_s(self) -> float:
        """How long no code is looked up any more."""
        return max(self._until_s - self._clock(), 0.0)

    def note(self, right: bool) -> None:
        """A code was looked up."""
        with self._guard:
            self._wrong = 0 if right else self._wrong + 1
            if self._wrong >= WRONG_CODES:
                self._wrong, self._until_s = 0, self._clock() + LOCKED_S


class Visitors:
    """What the screen may ask about people; every answer is `(body, HTTP status)`."""

    def __init__(
        self,
        hub: Hub,
        words: Mapping[str, Any],
        people: People,
        progress: Progress,
        practised: Progress,
        lock: CodeLock,
    ) -> None:
        """`progress` is on the mat itself, `practised` also in the demonstration."""
        self._hub = hub
        self._words = words
        self._people = people
        self._progress = progress
        self._practised = practised
        self._lock = lock
        self.guest_offer = offer_json(offered((), None))

    def identify(self, code: str) -> tuple[dict[str, Any], int]:
        """Begin the visit of the member who has this code."""
        if self._lock.wait_s > 0.0:
            return self._locked()
        try:
            member = self._people.by_code(code)
            order = None if member is None else self._order(member)
        except StoreError:
            return self._refused("keypad", "unread", 503)
        self._lock.note(order is not None)
        if order is None:
            return self._locked() if self._lock.wait_s else self._refused("keypad", "wrong", 404)
        return self._pass_on(order)

    def choose(self, variation: str) -> tuple[dict[str, Any], int]:
        """Train this step today, if it is among those offered to whoever is here."""
        offer = self._hub.snapshot.get("offer") or self.guest_offer
        plan = offer["plans"].get(variation)
        if plan is None:
            return self._refused("choose", "not_offered", 409)
        return self._pass_on({"command": "choose", "plan": plan})

    def _order(self, member: Member) -> dict[str, Any]:
        progress = self._practised if self._hub.snapshot.get("simulated") else self._progress
        since = member.acknowledged_utc
        return identify_request(
            member.id,
            member.name,
            acknowledged=since is not None and datetime.now(UTC) - since < ACKNOWLEDGED_FOR,
            practices=progress.practices(member.id, SESSIONS),
            programme=self._people.programme(member.id),
            before={
                step.value: _before(latest)
                for step in Variation
                if (latest := progress.latest(member.id, step)) is not None
            },
        )

    def _pass_on(self, order: Mapping[str, Any]) -> tuple[dict[str, Any], int]:
        fields = dict(order)
        try:
            answer = dict(self._hub.command(fields.pop("command"), **fields))
        except StreamError:
            return self._refused("control", "unanswered", 503)
        self._hub.look_again()
        return {key: answer[key] for key in ("ok", "error") if key in answer}, (
            200 if answer.get("ok") else 409
        )

    def _locked(self) -> tuple[dict[str, Any], int]:
        body, status = self._refused("keypad", "locked", 429)
        wait_s = self._lock.wait_s
        return {
            **body,
            "error": body["error"].format(seconds=round(wait_s)),
            "wait": wait_s,
        }, status

    def _refused(self, table: str, key: str, status: int) -> tuple[dict[str, Any], int]:
        return {"ok": False, "error": self._words[table][key]}, status


def _before(session: Comparison) -> dict[str, Any]:
    """A session as the summary compares with it."""
    return {"utc": session.utc.isoformat(), "reps": session.reps, "clean": session.clean}


def add_visitor_controls(app: Flask, visitors: Visitors, refusal: Callable[[], Any]) -> None:
    """Let the screen ask; `refusal` answers whoever may not, and is None for who may."""

    def asked(field: str) -> str:
        body = request.get_json(silent=True)
        return str(body.get(field, "")) if isinstance(body, dict) else ""

    @app.post("/control/code")
    def code() -> Any:
        return refusal() or _answer(*visitors.identify(asked("code")))

    @app.post("/control/choose")
    def choose() -> Any:
        return refusal() or _answer(*visitors.choose(asked("variation")))


def _answer(body: Mapping[str, Any], status: int) -> tuple[Response, int]:
    return jsonify(body), status

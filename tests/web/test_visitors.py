"""Members at the kiosk: their code, the greeting, today's set, and nothing of it left behind."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from device.coach.programme import PLANS, Strictness, Variation
from device.coach.progression import Judged, Practice
from device.coach.welcome import offer_json, offered
from device.coach.wire import plan_json
from device.config import load_settings
from device.store.people import Member, People, Programme
from device.store.progress import Progress
from tests.web.fake_daemon import FakeDaemon
from tests.web.processes import WebProcess, eventually
from tests.web.test_kiosk import SESSION, STARTED, lie_ready
from web.hub import Hub
from web.visitors import LOCKED_S, WRONG_CODES, CodeLock, Visitors
from web.words import load_words

CODE, OTHER_CODE = "0427", "0428"
GOOD = Practice(Variation.SINGLE, Judged(8, 8), Judged(8, 7))
PLAN = plan_json(PLANS[Variation.SINGLE])


def database(folder: Path) -> Path:
    return load_settings(None, {"paths.data": folder}).database


@pytest.fixture(scope="module")
def people(run_directory: Path) -> Iterator[People]:
    """The members in the web process' own database."""
    kept = People(database(run_directory))
    yield kept
    kept.close()


@pytest.fixture(scope="module")
def anna(people: People) -> Member:
    """Has answered the safety page lately."""
    member = people.create({"name": "Anna", "code": CODE})
    people.acknowledge(member.id, datetime.now(UTC) - timedelta(days=30))
    return member


def begin(daemon: FakeDaemon, **facts: Any) -> None:
    """The daemon begins a visit: a session on an empty mat."""
    daemon.say({"event": "visit", "state": "cleared", "by": "person", "at": 1.0}, **facts)
    daemon.say({"event": "plan", "plan": facts["plan"]})
    daemon.say(STARTED, session=SESSION)


def test_a_code_by_touch_tells_the_daemon_who_is_here(
    kiosk: Page, daemon: FakeDaemon, anna: Member
) -> None:
    kiosk.get_by_role("button", name="I have a code").click()
    dialog = kiosk.get_by_role("dialog", name="Your four-digit code")
    expect(dialog).to_be_visible()
    for digit in CODE:
        dialog.get_by_role("button", name=digit, exact=True).click()
    expect(dialog).to_be_hidden()
    assert daemon.told() == "identify"
    told = daemon.requests[-1]
    assert (told["member"], told["name"]) == (str(anna.id), "Anna")
    assert told["acknowledged"] is True
    assert told["plan"]["variation"] == "single"


def test_a_code_by_keys_can_be_corrected(kiosk: Page, daemon: FakeDaemon, anna: Member) -> None:
    kiosk.keyboard.type("049")
    expect(kiosk.get_by_role("dialog")).to_contain_text("3 of 4 digits")
    kiosk.keyboard.press("Backspace")
    kiosk.keyboard.type("27")
    expect(kiosk.get_by_role("dialog")).to_be_hidden()
    assert daemon.requests[-1]["name"] == "Anna"


def test_a_wrong_code_is_said_kindly_and_a_guest_begins_all_the_same(
    kiosk: Page, daemon: FakeDaemon, anna: Member
) -> None:
    kiosk.keyboard.type("9999")
    expect(kiosk.get_by_role("status").get_by_text("No member has this code.")).to_be_visible()
    kiosk.get_by_role("button", name="Without a code").click()
    expect(kiosk.get_by_role("dialog")).to_be_hidden()
    kiosk.get_by_role("button", name="Start").click()
    assert daemon.told() == "start"


def test_the_keypad_goes_when_somebody_simply_lies_down(kiosk: Page, daemon: FakeDaemon) -> None:
    kiosk.keyboard.type("04")
    expect(kiosk.get_by_role("dialog")).to_be_visible()
    lie_ready(daemon)
    expect(kiosk.get_by_role("dialog")).to_be_hidden()
    expect(kiosk.get_by_role("heading", name="Belly in, then lift")).to_be_visible()
    # Where somebody trains, digits open nothing.
    kiosk.keyboard.type("04")
    expect(kiosk.get_by_role("dialog")).to_be_hidden()


def test_digits_that_nobody_completes_are_gone(timed: Page) -> None:
    timed.keyboard.type("042")
    expect(timed.get_by_role("dialog")).to_be_visible()
    timed.clock.fast_forward(21_000)
    expect(timed.get_by_role("dialog")).to_be_hidden()
    timed.get_by_role("button", name="I have a code").click()
    expect(timed.locator(".keypad-dots")).to_have_attribute("data-typed", "0")


def test_the_daemons_refusal_is_said(kiosk: Page, daemon: FakeDaemon, anna: Member) -> None:
    daemon.refusal = "a session is running; end it first."
    kiosk.keyboard.type(CODE)
    expect(kiosk.get_by_role("dialog")).to_contain_text("a session is running")
    kiosk.keyboard.press("Escape")
    expect(kiosk.get_by_role("dialog")).to_be_hidden()


def test_five_wrong_codes_lock_the_keypad_but_never_a_guest(page: Page, tmp_path: Path) -> None:
    web = WebProcess(tmp_path)
    daemon = FakeDaemon(f"ipc://{tmp_path}/stream")
    try:
        page.goto(web.url)
        page.locator("body[data-view=idle]").wait_for()
        for number in range(WRONG_CODES):
            expect(page.locator(".keypad-dots")).to_have_attribute("data-typed", "0")
            with page.expect_response("**/control/code") as answer:
                page.keyboard.type(f"000{number}")
            assert answer.value.status == (404 if number < WRONG_CODES - 1 else 429)
        expect(page.get_by_role("dialog")).to_contain_text("please wait")
        expect(page.get_by_role("button", name="1", exact=True)).to_be_disabled()

        def seconds() -> int:
            text = page.get_by_role("dialog").inner_text()
            return int(re.findall(r"please wait (\d+) seconds", text)[0])

        first = seconds()
        assert 50 < first <= LOCKED_S
        eventually(lambda: seconds() < first)
        page.get_by_role("button", name="Without a code").click()
        page.get_by_role("button", name="Start").click()
        assert daemon.told() == "start"
    finally:
        daemon.close()
        web.end()


class DeafLink:
    """A link without a daemon."""

    def __init__(self) -> None:
        self.requests: list[dict[str, Any]] = []

    def events(self) -> Iterator[tuple[str, dict[str, Any]]]:
        return iter(())

    def command(self, request: dict[str, Any], timeout_s: float) -> dict[str, Any]:
        self.requests.append(dict(request))
        return {"ok": True}

    def close(self) -> None:
        pass


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[tuple[Visitors, People, DeafLink, list[float]]]:
    """Visitors over a database of their own, with a clock that a test sets."""
    link, clock = DeafLink(), [0.0]
    people = People(database(tmp_path))
    progress = Progress(database(tmp_path))
    visitors = Visitors(
        Hub(link), load_words(), people, progress, progress, CodeLock(lambda: clock[0])
    )
    yield visitors, people, link, clock
    progress.close()
    people.close()


Desk = tuple[Visitors, People, DeafLink, list[float]]


def test_the_lock_lasts_a_minute_and_is_for_codes_in_a_row(desk: Desk) -> None:
    visitors, people, link, clock = desk
    people.create({"name": "Bo", "code": CODE})
    for _ in range(2):
        for _ in range(WRONG_CODES - 1):
            assert visitors.identify("9999")[1] == 404
        assert visitors.identify(CODE)[1] == 200  # A right one begins the row anew.
    for _ in range(WRONG_CODES):
        body, status = visitors.identify("9999")
    assert (status, body["wait"]) == (429, LOCKED_S)
    clock[0] = LOCKED_S - 1.0
    assert visitors.identify(CODE)[1] == 429  # Nor is a right one looked up.
    clock[0] = LOCKED_S + 1.0
    assert visitors.identify(CODE)[1] == 200
    assert [request["name"] for request in link.requests] == ["Bo"] * 3


def test_the_safety_page_is_read_once_a_year(desk: Desk) -> None:
    visitors, people, link, _ = desk
    member = people.create({"name": "Bo", "code": CODE})
    told = []
    for days in (None, 400, 364):
        if days is not None:
            people.acknowledge(member.id, datetime.now(UTC) - timedelta(days=days))
        visitors.identify(CODE)
        told.append(link.requests[-1]["acknowledged"])
    assert told == [False, False, True]


def test_the_trainers_programme_is_what_is_offered(desk: Desk) -> None:
    visitors, people, link, _ = desk
    member = people.create({"name": "Bo", "code": CODE})
    decided = Programme(
        Variation.BOTH, 3, 6, 2.0, 4.0, 2.0, 60.0, Strictness.STRICT, None, datetime.now(UTC), "Eva"
    )
    people.set_programme(member.id, decided)
    visitors.identify(CODE)
    plan = link.requests[-1]["plan"]
    assert (plan["variation"], plan["sets"], plan["strictness"]) == ("both", 3, "strict")


def test_a_database_that_cannot_be_read_is_one_sentence(desk: Desk, tmp_path: Path) -> None:
    visitors, _, link, _ = desk
    database(tmp_path).write_bytes(b"no database" * 100)
    body, status = visitors.identify(CODE)
    assert (status, link.requests) == (503, [])
    assert body["error"].startswith("Members cannot be looked up now.")


def test_a_step_that_is_not_open_is_refused(desk: Desk) -> None:
    visitors, _, link, _ = desk
    for wrong in ("both", "sideways", ""):
        body, status = visitors.choose(wrong)
        assert (status, body["ok"]) == (409, False)
    assert visitors.choose("single")[1] == 200
    assert [request["command"] for request in link.requests] == ["choose"]


def test_a_guest_sees_todays_set_and_what_is_still_to_be_earned(
    kiosk: Page, daemon: FakeDaemon
) -> None:
    begin(daemon, plan=PLAN)
    expect(kiosk.get_by_role("heading", name="Today's set")).to_be_visible()
    expect(kiosk.get_by_text("Lie down when you are ready")).to_be_visible()
    one_leg = kiosk.get_by_role("button", name="One leg")
    expect(one_leg).to_have_attribute("aria-pressed", "true")
    expect(one_leg).to_contain_text("2 × 8, hold 2 s")
    both = kiosk.get_by_role("button", name="Both legs")
    expect(both).to_be_disabled()
    expect(both).to_contain_text("Earned after two clean sessions")
    # Nobody is asked to choose: lying down is enough.
    daemon.phase("getting_on")
    expect(kiosk.get_by_role("heading", name="Hip bones on the line")).to_be_visible()


def test_a_member_is_greeted_and_chooses_among_what_is_earned(
    kiosk: Page, daemon: FakeDaemon, anna: Member
) -> None:
    offer = offer_json(offered((GOOD, GOOD), None))
    member = {"id": str(anna.id), "name": "Anna"}
    begin(daemon, plan=offer["today"], member=member, offer=offer)
    expect(kiosk.get_by_role("heading", name="Hello Anna, today's set")).to_be_visible()
    expect(kiosk.get_by_text("You have earned a new step.")).to_be_visible()
    expect(kiosk.get_by_role("button", name="Longer hold")).to_have_attribute(
        "aria-pressed", "true"
    )
    expect(kiosk.get_by_role("button", name="Ankle weights")).to_be_disabled()
    kiosk.get_by_role("button", name="One leg").click()
    assert daemon.told() == "choose"
    assert daemon.requests[-1]["plan"] == PLAN
    daemon.say({"event": "plan", "plan": PLAN}, plan=PLAN)
    expect(kiosk.get_by_role("button", name="One leg")).to_have_attribute("aria-pressed", "true")
    # Whoever comes next sees nothing of it.
    daemon.say({"event": "session", "state": "ended", "reason": "left"}, session=None)
    daemon.say(
        {"event": "visit", "state": "new", "by": "person", "at": 2.0}, member=None, offer=None
    )
    expect(kiosk.get_by_role("heading", name="Lie down and lift")).to_be_visible()
    eventually(lambda: "Anna" not in kiosk.locator("body").inner_text())


def test_a_member_who_trains_is_named_beside_the_buttons(kiosk: Page, daemon: FakeDaemon) -> None:
    begin(daemon, plan=PLAN, member={"id": "x", "name": "Anna"}, offer=None)
    lie_ready(daemon)
    expect(kiosk.locator("#note")).to_have_text("Anna")

"""The page in its second language: chosen in the settings, complete, and nothing English left."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from device.coach.welcome import offer_json, offered
from tests.web.conftest import Watched
from tests.web.fake_daemon import FakeDaemon, rep
from tests.web.processes import WebProcess
from tests.web.test_layout import OVERFLOWING, SCREENS
from tests.web.test_visitors import GOOD, begin

SESSION = {"id": "1", "set": 1, "in_set": True, "count": 0, "clean": 0, "reps": []}


@pytest.fixture(scope="module")
def german(tmp_path_factory: pytest.TempPathFactory) -> Iterator[WebProcess]:
    run = tmp_path_factory.mktemp("german")
    config = run / "pronemat.toml"
    config.write_text('[web]\nlanguage = "de"\n', encoding="utf-8")
    web = WebProcess(run, config=config)
    yield web
    web.end()


@pytest.fixture
def german_daemon(german: WebProcess) -> Iterator[FakeDaemon]:
    run = f"run-{time.monotonic_ns()}"
    fake = FakeDaemon(f"ipc://{german.run}/stream", run, phase="ready", session=SESSION)
    fake.lie()
    yield fake
    fake.close()


@pytest.fixture(scope="module")
def german_screen(browser: Browser, german: WebProcess) -> Iterator[Watched]:
    """One page for all tests of this file."""
    watched = Watched(browser)
    watched.page.goto(german.url)
    yield watched
    watched.context.close()


@pytest.fixture
def page(german_screen: Watched, german_daemon: FakeDaemon) -> Iterator[Page]:
    """The page, connected to the test's daemon."""
    page = german_screen.page
    page.locator(f"body[data-phase=ready][data-run={german_daemon.run}]").wait_for()
    yield page
    german_screen.check()


def test_the_settings_choose_the_language(german_daemon: FakeDaemon, page: Page) -> None:
    with page.expect_response("**/speech/**") as fetched:
        page.reload()
    assert (fetched.value.status, "/speech/de/" in fetched.value.url) == (200, True)
    expect(page.locator("html")).to_have_attribute("lang", "de")
    expect(page.get_by_role("heading", name="Bauch fest, heben")).to_be_visible()
    german_daemon.count(rep(1, "left", "arch", ("tilt",)), 1, 0)
    expect(page.locator("#now-word")).to_have_text("Hohlkreuz")
    expect(page.locator("#cue-log li[data-kind=count]")).to_have_text("eins")


def test_the_longer_words_fit_every_screen(german_daemon: FakeDaemon, page: Page) -> None:
    page.emulate_media(reduced_motion="reduce")
    gone = {"event": "session", "state": "ended", "reason": "left"}

    def whole_set() -> None:
        for number in range(1, 17):
            german_daemon.count(rep(number, "left", "arch", ("too_high",)), number, 0)
        german_daemon.phase("empty")

    def visit(state: str) -> None:
        german_daemon.say({"event": "visit", "state": state, "by": "person", "at": 1.0})

    def arched() -> None:
        german_daemon.phase("ready")
        german_daemon.count(rep(1, "left", "arch", ("too_high",)), 1, 0)

    def choose() -> None:
        offer = offer_json(offered((GOOD, GOOD), None))
        begin(german_daemon, plan=offer["today"], member={"id": "x", "name": "Eva"}, offer=offer)

    for show, words in (
        (lambda: german_daemon.phase("ready"), "Bauch fest, heben"),
        (lambda: german_daemon.phase("lifting", "right"), "Langsam heben"),
        (arched, "Ausruhen, dann heben"),
        (whole_set, "Geschafft"),
        (lambda: visit("asked"), "Bevor du hebst"),
        (lambda: visit("declined"), "Danke, dass du es sagst"),
        (choose, "Hallo Eva, dein Training heute"),
        (lambda: german_daemon.say(gone, session=None), "Hinlegen und heben"),
    ):
        show()
        expect(page.get_by_role("heading", name=words)).to_be_visible()
        for width, height in SCREENS.values():
            page.set_viewport_size({"width": width, "height": height})
            assert (words, page.evaluate(OVERFLOWING)) == (words, [])


def test_who_calibrates_is_named_in_the_pages_language(
    german_daemon: FakeDaemon, page: Page
) -> None:
    german_daemon.snapshot["calibrating"] = "Anna"
    expect(page.get_by_text("Die Matte wird gerade von Anna kalibriert")).to_be_visible()
    german_daemon.snapshot["calibrating"] = None
    expect(page.get_by_text("von Anna kalibriert")).to_be_hidden()


SAID = [
    ("glute", (), "Das Becken blieb ruhig: etwa 2 Grad gekippt und 1 gedreht."),
    ("arch", ("tilt",), "Das Becken kippte um etwa 2 Grad nach vorn."),
    ("arch", ("rotation",), "Das Becken drehte sich um etwa 1 Grad."),
    ("arch", ("tilt", "rotation"), "Das Becken kippte um etwa 2 Grad nach vorn und drehte"),
    ("arch", ("tilt", "too_high"), "Das Bein ging zu hoch"),
    ("unsure", (), "Das Becken bewegte sich ein wenig"),
]


def test_reasons_are_said_anew_from_the_lifts_numbers(
    german_daemon: FakeDaemon, page: Page
) -> None:
    for number, (verdict, faults, said) in enumerate(SAID, 1):
        german_daemon.count(rep(number, "left", verdict, faults), number, 1)
        expect(page.locator("#reason")).to_contain_text(said)
    # A page that is opened later says the same.
    page.reload()
    expect(page.locator("#reason")).to_contain_text(SAID[-1][2])
    german_daemon.count(rep(9, "left", "unsure") | {"confidence": 0.0}, 9, 1)
    expect(page.locator("#reason")).to_contain_text("lässt sich nicht beurteilen")

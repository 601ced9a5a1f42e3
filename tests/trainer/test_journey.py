"""A trainer's evening in real Chromium, through the pages as a trainer goes, on both screens; and
the pages behind a proxy."""

from __future__ import annotations

import http.client
import shutil
from collections.abc import Iterator
from dataclasses import replace
from importlib import resources

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.trainer.gym import PASSWORD, SmallGym
from tests.web.conftest import Watched
from tests.web.fake_daemon import FakeDaemon, rep
from tests.web.processes import WebProcess, eventually

SCREENS = {"tablet": (768, 1024), "laptop": (1440, 900)}
AXE = resources.files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")
TOO_WIDE = "document.documentElement.scrollWidth > innerWidth"
INK = """(canvas) => canvas.getContext("2d")
  .getImageData(0, 0, canvas.width, canvas.height).data.some((value) => value !== 0)"""


def drawn(canvas: Locator) -> None:
    """Wait until something is drawn on it: the browser does so at its next frame."""
    eventually(lambda: canvas.evaluate(INK))


@pytest.fixture(scope="module")
def gym(filled: SmallGym, tmp_path_factory: pytest.TempPathFactory) -> SmallGym:
    """One gym for these tests: none of them takes away what another looks for."""
    database = tmp_path_factory.mktemp("evening") / "pronemat.db"
    shutil.copy(filled.database, database)
    return replace(filled, database=database)


@pytest.fixture(scope="module")
def site(gym: SmallGym) -> Iterator[WebProcess]:
    """The pages as a person starts them."""
    web = WebProcess(gym.database.parent)
    yield web
    code, logged = web.end()
    assert (code, "Traceback" in logged) == (0, False), logged
    assert "Ada" not in logged, "a log holds no names"
    assert "0427" not in logged


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that asks nothing of the network and does not complain."""
    watched = Watched(browser)
    yield watched.page
    watched.context.close()
    # A form that is refused is an answer like others; the browser itself tells of its status.
    watched.complaints = [one for one in watched.complaints if "status of 422" not in one]
    watched.check()


def log_in(page: Page, site: WebProcess, name: str = "Olga") -> None:
    page.goto(f"{site.url}trainer/")
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    follow(page, page.get_by_role("button", name="Log in"))
    expect(page.get_by_text(f"Hello, {name}.")).to_be_visible()


def follow(page: Page, link: Locator) -> None:
    """To the page behind it: what is checked next is that one, not the one being left."""
    with page.expect_navigation():
        link.click()


def check(page: Page) -> None:
    """Nothing is wider than the screen, and no rule of axe-core is broken."""
    for name, (width, height) in SCREENS.items():
        page.set_viewport_size({"width": width, "height": height})
        assert not page.evaluate(TOO_WIDE), (page.url, name)
    page.evaluate(AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    assert [(one["id"], [node["html"][:120] for node in one["nodes"]]) for one in found] == []


def test_an_evening_at_the_desk(page: Page, site: WebProcess, gym: SmallGym) -> None:
    page.goto(f"{site.url}trainer/")
    check(page)
    log_in(page, site)

    follow(page, page.get_by_role("link", name="Members"))
    check(page)
    follow(page, page.get_by_role("link", name="New member"))
    page.get_by_label("Name or nickname").fill("Bo Quick")
    page.get_by_label("Four-digit code").fill("0427")
    follow(page, page.get_by_role("button", name="Keep"))
    expect(page.get_by_text("Another member has this code; choose another.")).to_be_visible()
    expect(page.get_by_label("Name or nickname")).to_have_value("Bo Quick")
    check(page)
    page.get_by_label("Four-digit code").fill("0815")
    follow(page, page.get_by_role("button", name="Keep"))
    expect(page.get_by_text("Bo Quick is kept.")).to_be_visible()

    follow(page, page.get_by_role("link", name="Members").first)
    page.get_by_label("Name or code").fill("ada")
    follow(page, page.get_by_role("button", name="Search"))
    follow(page, page.get_by_role("link", name="Ada Swift"))
    clean = page.locator("[data-chart]").first
    drawn(clean.locator("canvas"))
    clean.locator("canvas").hover()
    expect(clean.locator(".readout")).to_contain_text("Clean 100 %")
    clean.get_by_text("As a table").click()
    expect(clean.get_by_role("cell", name="100 %")).to_be_visible()
    check(page)

    follow(page, page.get_by_role("link", name="Month report"))
    check(page)
    page.go_back()

    follow(page, page.locator(f"a[href$='{gym.session}']"))
    page.get_by_text("Trace, numbers and your verdict").first.click()
    expect(page.get_by_text("Shaded: up, held, down.")).to_be_visible()
    for canvas in page.locator("[data-plots] canvas").all():
        drawn(canvas)
    check(page)
    page.get_by_label("Your verdict").first.select_option("Back arched")
    follow(page, page.get_by_role("button", name="Keep your verdict").first)
    expect(page.get_by_text("Your verdict is kept beside the program's own.")).to_be_visible()
    expect(page.get_by_text("Olga: Back arched")).to_be_visible()

    for name, heading in (("Sessions", "Sessions"), ("The gym", "The gym")):
        follow(page, page.get_by_role("link", name=name, exact=True).first)
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
        check(page)
    expect(page.get_by_text("On 1 lift a trainer has said a verdict")).to_be_visible()

    follow(page, page.get_by_role("link", name="Olga"))
    page.get_by_label("What reads with it").fill("the month's table")
    follow(page, page.get_by_role("button", name="Make a token"))
    expect(page.locator(".secret")).to_contain_text("pronemat_")
    check(page)
    for path in ("accounts", "audit", "rules", "api"):
        page.goto(f"{site.url}trainer/{path}")
        check(page)

    follow(page, page.get_by_role("button", name="Log out"))
    page.goto(f"{site.url}trainer/members")
    expect(page.get_by_role("heading", name="Log in")).to_be_visible()


def test_two_trainers_watch_a_lift_and_stop_the_set(
    browser: Browser, page: Page, site: WebProcess, gym: SmallGym
) -> None:
    daemon = FakeDaemon(f"ipc://{gym.database.parent}/stream")
    other = Watched(browser)
    try:
        log_in(page, site)
        log_in(other.page, site, "Tom")
        for watching in (page, other.page):
            expect(watching.get_by_role("heading", name="Lie down, face down")).to_be_visible()
        daemon.lie()
        daemon.say({"event": "session", "state": "started", "id": "1", "at": 0.0})
        daemon.phase("lifting", "left")
        daemon.count(rep(1, "left", "arch", ("tilt",)), 1, 0)
        for watching in (page, other.page):
            expect(watching.get_by_role("heading", name="Lift slowly (Left)")).to_be_visible()
            expect(watching.get_by_role("cell", name="Back arched")).to_be_visible()
            expect(watching.get_by_text("the low back made the height")).to_be_visible()
            expect(watching.locator("#weight")).not_to_have_text("-")
            drawn(watching.locator("#traces"))
        check(page)
        page.get_by_role("button", name="Stop").click()
        assert daemon.told() == "stop"
    finally:
        other.context.close()
        daemon.close()


def test_the_proxys_visitors_get_the_dashboard_and_no_control(site: WebProcess) -> None:
    forwarded = {
        "X-Forwarded-For": "127.0.0.1, 192.168.1.20",
        "X-Forwarded-Proto": "https",
        "X-Forwarded-Host": "localhost",
    }

    def status(method: str, path: str, headers: dict[str, str]) -> tuple[int, str]:
        connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=10)
        connection.request(method, path, headers=headers)
        answer = connection.getresponse()
        cookie = answer.headers.get("Set-Cookie", "")
        connection.close()
        return answer.status, cookie

    code, cookie = status("GET", "/trainer/login", forwarded)
    assert (code, "Secure" in cookie) == (200, True)
    plain = forwarded | {"X-Forwarded-Proto": "http"}
    assert status("GET", "/trainer/login", plain)[0] == 403
    # Whatever a visitor claims in the header, the proxy's own word comes last.
    assert status("POST", "/control/start", forwarded)[0] == 403
    claimed = forwarded | {"X-Forwarded-For": "127.0.0.1"}
    assert status("POST", "/control/start", claimed)[0] == 403

"""Who counts aloud: the page while it can be heard, else the panel's buzzer; on mock pins."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from gpiozero.pins.mock import MockFactory

from device.coach.cues import CUES
from device.coach.events import Counted, Said, SessionStarted
from device.core.types import Rep, Side, Verdict
from device.drivers.panel import Panel, PanelPins
from device.service.page_sound import LEASE_S, PageSound
from device.service.panel_view import CoachPanel
from tests.daemon.rig import Rig

BUZZER = 27
REP = Rep(
    at_s=6.0, side=Side.LEFT, verdict=Verdict.GLUTE, start_s=1.0, top_s=3.0, end_s=5.0,
    faults=(), confidence=0.9, lift_s=1.5, hold_s=1.0, lower_s=1.5, numbers={}, reason="",
)  # fmt: skip


@pytest.fixture
def factory() -> MockFactory:
    return MockFactory()


@pytest.fixture
def view(factory: MockFactory) -> Iterator[CoachPanel]:
    with closing(Panel(PanelPins(led=17, buzzer=BUZZER, button=22), factory)) as panel:
        yield CoachPanel(panel)


def beeped(factory: MockFactory) -> bool:
    """Whether the buzzer's pin has been high since it was set up."""
    return any(state.state for state in factory.pin(BUZZER).states)


@pytest.mark.parametrize("event", [Counted(6.0, 1, 1, 1, REP), Said(3.0, CUES["warn_tilt"])])
@pytest.mark.parametrize("by_page", [True, False])
def test_the_buzzer_counts_and_warns_only_where_no_page_does(
    view: CoachPanel, factory: MockFactory, event: Counted | Said, by_page: bool
) -> None:
    view.heard(event, by_page=by_page)
    assert beeped(factory) is not by_page


def test_the_buzzer_always_answers_the_button(view: CoachPanel, factory: MockFactory) -> None:
    view.heard(SessionStarted(0.0), by_page=True)
    assert beeped(factory)


def test_a_page_that_no_longer_says_that_it_sounds_is_not_relied_on() -> None:
    now_s = 100.0
    page = PageSound(lambda: now_s)
    assert not page.sounds
    page.tell(True)
    now_s += LEASE_S - 0.1
    assert page.sounds
    now_s += 0.2
    assert not page.sounds
    page.tell(True)
    page.tell(False)
    assert not page.sounds


def test_a_sound_test_is_heard_by_the_page_or_else_from_the_buzzer(rig: Rig) -> None:
    def test() -> str:
        answer = rig.client.command({"command": "sound_test"})
        return str(answer["heard_by"])

    assert test() == "panel"
    rig.until(lambda event: event["event"] == "sound_test")
    assert any(state.state for state in rig.panel._buzzer.pin.states)
    rig.client.command({"command": "sound_on"})
    assert test() == "page"
    rig.client.command({"command": "sound_off"})
    assert test() == "panel"

"""What a member hears: the page's own sound, rendered and measured sample by sample."""

from __future__ import annotations

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.web.ear import RATE_HZ, Samples, loudness, pieces, pitch_hz, render
from tests.web.fake_daemon import FakeDaemon

SESSION = {"id": "1", "set": 1, "in_set": True, "count": 0, "clean": 0, "reps": []}


@pytest.mark.parametrize(("side", "near", "far"), [("left", 0, 1), ("right", 1, 0)])
def test_an_arch_is_a_low_tone_on_the_side_that_rises(
    kiosk: Page, side: str, near: int, far: int
) -> None:
    heard = render(kiosk, f"sound.play('warn', '{side}')", 0.5)
    assert loudness(heard[near]) > 3 * loudness(heard[far])
    assert 100 < pitch_hz(heard[near]) < 200


def test_an_arch_of_both_legs_is_heard_on_both_sides(kiosk: Page) -> None:
    left, right = render(kiosk, "sound.play('warn', 'both')", 0.5)
    assert loudness(left) == pytest.approx(loudness(right), rel=0.01)


def test_a_clean_rep_rises_and_is_far_above_a_warning(kiosk: Page) -> None:
    heard = render(kiosk, "sound.play('good')", 0.5)
    early, late = heard[0, : int(0.08 * RATE_HZ)], heard[0, int(0.2 * RATE_HZ) :]
    assert 600 < pitch_hz(early) < 720
    assert 900 < pitch_hz(late) < 1080
    assert loudness(heard[0]) == pytest.approx(loudness(heard[1]), rel=0.01)


@pytest.mark.parametrize("tone", ["good", "count", "warn", "end"])
def test_no_tone_clips_and_all_end_in_silence(kiosk: Page, tone: str) -> None:
    heard = render(kiosk, f"sound.play('{tone}')", 1.5)
    assert 0.05 < np.abs(heard).max() < 1.0
    assert np.abs(heard[:, -800:]).max() < 0.001


def hum(page: Page, tip: float, roll: float) -> Samples:
    """The tone over a lift whose pelvis stands so, once it has set in; one channel."""
    pelvis = f"{{ tip: {tip}, roll: {roll} }}"
    follow = f"const hum = new Hum(sound); hum.follow({pelvis}); clearTimeout(hum.timer)"
    return render(page, follow, 1.4)[0, int(0.4 * RATE_HZ) :]


def wavering(samples: Samples) -> tuple[float, float]:
    """How far pitch (Hz) and loudness (share of the mean) move within a second."""
    pitches = [pitch_hz(piece) for piece in pieces(samples, 0.06)]
    levels = [loudness(piece) for piece in pieces(samples, 0.008)]
    return float(np.ptp(pitches)), float(np.std(levels) / np.mean(levels))


def test_the_tone_over_a_lift_is_as_steady_as_the_pelvis(kiosk: Page) -> None:
    still, moving, arched = (wavering(hum(kiosk, tip, 0.0)) for tip in (0.1, 0.6, 1.0))
    assert still[0] < 2.0
    assert still[0] + 2.0 < moving[0] < arched[0] - 2.0
    assert still[1] + 0.02 < moving[1] < arched[1] - 0.05
    assert wavering(hum(kiosk, 0.0, -1.0))[0] > 10.0


def test_the_tone_over_a_lift_is_soft_beside_a_warning(kiosk: Page) -> None:
    warning = render(kiosk, "sound.play('warn', null)", 0.3)[0]
    assert loudness(hum(kiosk, 0.1, 0.1)) < 0.5 * loudness(warning)


def test_the_tone_sounds_from_the_lift_to_its_end_and_only_then(
    kiosk: Page, daemon: FakeDaemon
) -> None:
    sounding = kiosk.locator("body[data-hum=on]")
    daemon.lie()
    daemon.say({"event": "session", "state": "started"}, session=SESSION)
    daemon.phase("ready")
    daemon.move_pelvis(0.1, 0.1)
    kiosk.locator("body[data-phase=ready]").wait_for()
    expect(sounding).to_have_count(0)
    daemon.phase("lifting", "left")
    expect(sounding).to_have_count(1)
    expect(kiosk.locator("#level-word")).to_have_text("still")
    daemon.move_pelvis(0.2, 1.2)
    expect(kiosk.locator("#level-word")).to_have_text("rolling")
    daemon.phase("ready")
    expect(sounding).to_have_count(0)
    # A pelvis that cannot be read is no steady one.
    daemon.live = daemon.live | {"pelvis": [None, None]}
    daemon.phase("lifting", "right")
    kiosk.locator("body[data-phase=lifting]").wait_for()
    expect(sounding).to_have_count(0)


def test_the_tone_ends_when_the_mat_falls_silent(kiosk: Page, daemon: FakeDaemon) -> None:
    daemon.lie()
    daemon.say({"event": "session", "state": "started"}, session=SESSION)
    daemon.move_pelvis(0.1, 0.1)
    daemon.phase("lifting", "left")
    expect(kiosk.locator("body[data-hum=on]")).to_have_count(1)
    daemon.publish_live = False
    expect(kiosk.locator("body[data-hum=on]")).to_have_count(0)


THROUGH_A_SET = """
sound.play('tick', null, 0.1);
sound.play('hold', null, 1.1);
sound.play('lower', null, 2.1);
sound.play('good', null, 3.1);
sound.play('count', null, 4.1);
sound.play('miss', null, 5.1);
sound.play('warn', 'left', 6.1);
sound.play('end', null, 7.1);
"""
"""Each tone of a set, a second apart."""


def test_through_a_set_what_matters_is_loud_and_what_accompanies_is_soft(kiosk: Page) -> None:
    heard = render(kiosk, THROUGH_A_SET, 8.2)
    names = ("tick", "hold", "lower", "good", "count", "miss", "warn", "end")
    second = RATE_HZ
    level = {
        name: max(loudness(piece) for channel in heard for piece in pieces(
            channel[number * second : (number + 1) * second], 0.05))
        for number, name in enumerate(names)
    }  # fmt: skip
    decibels = {name: 20 * np.log10(one / level["good"]) for name, one in level.items()}
    # Verdicts, warnings and the end of a set are within 6 dB of each other; the tempo lies under
    # them, and its seconds are only just there.
    assert all(abs(decibels[name]) < 6.0 for name in ("count", "miss", "warn", "end")), decibels
    assert all(-12.0 < decibels[name] < -2.0 for name in ("hold", "lower")), decibels
    assert -22.0 < decibels["tick"] < -8.0, decibels
    assert np.abs(heard).max() < 1.0

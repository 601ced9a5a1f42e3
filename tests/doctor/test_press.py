"""Pressed one after the other, strips tell whether they are plugged in where they belong."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from device.athlete import SimulatedMat
from device.core.calibration import Calibration, datasheet_calibration
from device.core.mat import Mat
from device.core.types import Frame
from device.doctor.findings import Finding, State
from device.doctor.press import (
    NOT_ASKED,
    PATIENCE_S,
    PressTest,
    Turn,
    place_words,
    press_findings,
)
from device.drivers.emulated.bus import EmulatedBus
from device.drivers.emulated.clock import VirtualClock
from device.drivers.emulated.faults import Fault, NoAcknowledge
from device.sources.scan import ScanSource

LONGEST_S = 200.0
LYING_AFTER_S = 6.0
"""The simulated member comes at 1.5 s."""


class Hand:
    """Presses what is asked for, on a mat whose plugs are exchanged as `crossed` says."""

    def __init__(
        self,
        mat: Mat,
        calibration: Calibration,
        strips: tuple[str, ...] = (),
        *,
        crossed: Mapping[str, str] | None = None,
        touching: tuple[str, str] | None = None,
        ignores: tuple[str, ...] = (),
        faults: tuple[Fault, ...] = (),
        patience_s: float = PATIENCE_S,
    ) -> None:
        self._mat = SimulatedMat(mat, 0)
        self._mat.command("get_up")
        plugs = dict(zip(mat.names, mat.slots, strict=False))
        moved = {plugs[name]: plugs[other] for name, other in (crossed or {}).items()}
        pair = {plugs[name] for name in touching or ()}
        clock = VirtualClock()

        def volts(address: int, channel: int, t_s: float) -> float:
            slot = moved.get((address, channel), (address, channel))
            if slot in pair:
                return max(self._mat.volts(*other, t_s) for other in pair)
            return self._mat.volts(*slot, t_s)

        bus = EmulatedBus(clock, volts, mat.electronics, mat.addresses, faults=faults)
        self._frames = ScanSource(mat, bus, clock).frames()
        self._ignores = ignores
        self.test = PressTest(calibration, strips, patience_s)

    def obey(self, until: str | None = None) -> list[Finding]:
        """Press until nothing, or `until`, is asked for; what the answers say."""
        began_s: float | None = None
        for frame in self._frames:
            began_s = frame.t_s if began_s is None else began_s
            assert frame.t_s - began_s < LONGEST_S
            asked = self.test.asked
            if self.test.take(frame):
                if asked is not None:
                    self._mat.command(f"press {asked} 0")
                wanted = self.test.asked
                if wanted is not None and wanted == until:
                    break
                if self.test.turn is Turn.PRESS and wanted not in self._ignores:
                    self._mat.command(f"press {wanted} 40")
            if self.test.turn is Turn.DONE:
                break
        return press_findings(self.test.mat, self.test.answers)


LEG = ("thigh_left", "thigh_right", "knee_left", "knee_right")


def swapped(*pairs: tuple[str, str]) -> dict[str, str]:
    return {**dict(pairs), **{other: one for one, other in pairs}}


def test_every_strip_of_a_sound_mat_answers_in_its_place(mat, calibration) -> None:
    hand = Hand(mat, calibration)
    (found,) = hand.obey()
    assert found.state is State.OK
    assert "15 of 15" in found.figure
    assert list(hand.test.answers) == list(mat.names)


def test_left_and_right_of_a_row_that_are_exchanged_are_named_with_their_inputs(
    mat, calibration
) -> None:
    (found,) = Hand(mat, calibration, LEG, crossed=swapped(("knee_left", "knee_right"))).obey()
    assert (found.state, found.subject) == (State.BAD, "knee_left")
    assert found.figure == "left and right of the knee row are exchanged"
    assert "0x4a A1 and 0x4b A1" in found.remedy


def test_rows_that_are_crossed_are_named_on_each_side(mat, calibration) -> None:
    crossed = swapped(("thigh_left", "knee_left"), ("thigh_right", "knee_right"))
    found = Hand(mat, calibration, LEG, crossed=crossed).obey()
    assert {row.figure for row in found} == {
        "rows knee and thigh are crossed: knee_left, thigh_left",
        "rows knee and thigh are crossed: knee_right, thigh_right",
    }


def test_three_plugs_in_a_circle_each_say_where_they_belong(mat, calibration) -> None:
    circle = {"thigh_left": "knee_left", "knee_left": "thigh_right", "thigh_right": "thigh_left"}
    found = Hand(mat, calibration, LEG, crossed=circle).obey()
    assert {row.subject for row in found} == set(circle)
    assert all("its plug belongs in" in row.remedy for row in found)


def test_strips_whose_wires_touch_move_together(mat, calibration) -> None:
    found = Hand(mat, calibration, LEG, touching=("thigh_left", "knee_right")).obey()
    assert {row.subject for row in found} == {"thigh_left", "knee_right"}
    assert "moves knee_right too" in next(r for r in found if r.subject == "thigh_left").figure


def test_a_bar_that_nobody_presses_is_given_up_and_the_next_one_asked_for(mat, calibration) -> None:
    asked = ("asis_left", "asis_right")
    hand = Hand(mat, calibration, asked, ignores=("asis_left",), patience_s=3.0)
    (found,) = hand.obey()
    assert (found.subject, found.figure) == ("asis_left", "did not answer")
    assert hand.test.answers["asis_right"] == ("asis_right",)


def test_strips_of_a_silent_chip_are_not_asked_for(mat, calibration) -> None:
    asked = ("asis_left", "asis_right")
    hand = Hand(mat, calibration, asked, faults=(NoAcknowledge(0x49, 0.0),))
    (found,) = hand.obey()
    assert "1 of 15" in found.figure
    assert hand.test.silent == ["ribs_right", "abdomen_right", "asis_right", "pubis"]


def test_one_can_be_left_out_and_the_rest_too(mat, calibration) -> None:
    hand = Hand(mat, calibration, LEG)
    hand.obey(until="thigh_right")
    assert hand.test.skip()
    assert hand.test.asked == "knee_left"
    hand.test.stop()
    assert hand.test.asked is None
    assert not hand.test.skip()
    assert "1 of 15" in press_findings(mat, hand.test.answers)[0].figure
    assert press_findings(mat, {}) == [NOT_ASKED]


def test_while_somebody_is_on_the_mat_nothing_is_asked(mat, calibration) -> None:
    member, test = SimulatedMat(mat, 0), PressTest(calibration, patience_s=6.0)
    for tick in range(1400):
        t_s = tick / 100
        member.advance(t_s)
        if t_s < LYING_AFTER_S:
            continue
        test.take(Frame(tick, t_s, member.counts(t_s), member.counts(t_s)))
        assert test.asked is None
    assert test.occupied
    assert test.turn is Turn.DONE


def test_a_thumb_is_felt_by_the_data_sheets_curves_too(mat) -> None:
    (found,) = Hand(mat, datasheet_calibration(mat), LEG).obey()
    assert found.state is State.OK


@pytest.mark.parametrize(
    ("strip", "words"),
    [
        ("asis_left", "left, on the pelvic line"),
        ("knee_right", "right, 45 cm below the line"),
        ("chest", "left or right, 30 cm above the line"),
        ("head", "in the middle, 66 cm above the line"),
    ],
)
def test_it_says_where_the_bar_is(mat, strip, words) -> None:
    assert place_words(mat.sensors[mat.names.index(strip)]) == words

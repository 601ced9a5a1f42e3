"""The demonstration scans emulated chips under a simulated member, in real time and at rest."""

from __future__ import annotations

import time

import numpy as np
import pytest

from device.errors import PronematError
from device.sources.demo import open_demo


def test_it_is_called_demo_and_keeps_real_time_without_burning_it(mat) -> None:
    source = open_demo(mat, seed=1)
    assert source.name == "demo"
    frames = []
    began_s, worked_s = time.monotonic(), time.process_time()
    for frame in source.frames():
        frames.append(frame)
        if frame.t_s > began_s + 1.5:
            source.close()
    took_s = time.monotonic() - began_s
    assert frames[-1].t_s - frames[0].t_s == pytest.approx(took_s, abs=1.0)
    assert len(frames) > 20, "a hundred and fifty a second, far less where the machine is busy"
    assert (time.process_time() - worked_s) / took_s < 0.5
    assert not np.isnan([frame.counts for frame in frames]).any()
    reference = np.array([frame.counts[-1] for frame in frames])
    volts = reference * mat.electronics.volts_per_count
    assert volts == pytest.approx(mat.reference.nominal_v, rel=0.05)


def test_a_member_comes_lies_down_and_lifts_a_leg_when_told(mat) -> None:
    source = open_demo(mat, seed=3, speed=20.0)
    source.command("lie_down")
    source.command("lift_left")
    left, right = mat.names.index("foot_left"), mat.names.index("foot_right")
    lying = lifted = False
    began_s: float | None = None
    for frame in source.frames():
        began_s = frame.t_s if began_s is None else began_s
        lying = lying or min(frame.counts[left], frame.counts[right]) > 5000
        lifted = lifted or (lying and frame.counts[left] < 0.6 * frame.counts[right])
        if lifted or frame.t_s > began_s + 60:
            source.close()
    assert lying
    assert lifted


@pytest.mark.parametrize(
    ("trouble", "chips"),
    [
        ("unplug_48", {0x48}),
        ("brown_out_4b", {0x4B}),
        ("stick_bus", {0x48, 0x49, 0x4A, 0x4B}),
    ],
)
def test_the_electronics_can_be_put_into_trouble(mat, trouble, chips) -> None:
    source = open_demo(mat, seed=1, speed=5.0)
    assert trouble in source.commands
    missing: set[int] = set()
    began_s: float | None = None
    for frame in source.frames():
        if began_s is None:
            began_s = frame.t_s
            source.command(trouble)
        missing |= {mat.slots[i][0] for i in np.flatnonzero(np.isnan(frame.counts))}
        if frame.t_s > began_s + 1:
            source.close()
    assert missing == chips


def test_an_order_that_nobody_knows_is_one_sentence(mat) -> None:
    with pytest.raises(PronematError, match="does not know 'dance'"):
        open_demo(mat).command("dance")

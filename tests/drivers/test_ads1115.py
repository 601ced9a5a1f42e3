"""One chip over the real driver: started, collected later, checked, never waited for."""

from __future__ import annotations

import time

import pytest

from device.core.mat import Mat
from device.drivers.ads1115 import ResetError, StartableAds1115, signature
from device.drivers.emulated.faults import (
    BrownOut,
    ChangedConfig,
    LateConversion,
    NoAcknowledge,
    StuckSda,
    SwappedAddress,
    WrongAddress,
)
from device.drivers.i2c import LOCK_DEADLINE_S, BoundedBus
from device.errors import ChipError

CHIP, OTHER = 0x48, 0x49


def test_asking_again_needs_no_pointer_and_is_shorter_on_the_wire(wire_of, mat) -> None:
    wire = wire_of()
    chip = StartableAds1115(wire.bus, CHIP, mat.electronics)
    durations_s = []
    for step in (lambda: chip.start(0), chip.done, chip.done, chip.result, chip.done):
        began_s = wire.clock.now_s()
        step()
        durations_s.append(wire.clock.now_s() - began_s)
    bits = [round(duration_s * 400_000) for duration_s in durations_s]
    assert bits == [38, 29, 29, 48, 48]


def test_signatures_differ_and_no_two_together_look_like_one(mat: Mat) -> None:
    signatures = {address: signature(address) for address in mat.addresses}
    together = {a & b for a in signatures.values() for b in signatures.values() if a != b}
    assert len(set(signatures.values())) == 4
    assert not together & set(signatures.values())
    assert 0x7FFF not in signatures.values()


def test_a_chip_that_is_not_there_is_one_sentence(wire_of, mat) -> None:
    wire = wire_of(addresses=[OTHER])
    with pytest.raises(ChipError, match=r"The chip 0x48 does not answer \(remote i/o error\): .*"):
        StartableAds1115(wire.bus, CHIP, mat.electronics)


def test_a_stuck_bus_ends_with_its_deadline(wire_of, mat) -> None:
    wire = wire_of()
    chip = StartableAds1115(wire.bus, CHIP, mat.electronics)
    began_s = wire.clock.now_s()
    wire.bus.order(StuckSda(began_s))
    for call in (chip.done, chip.result, lambda: chip.start(0), chip.check_signature):
        with pytest.raises(ChipError, match=r"The bus hangs at .* \(.*timed out\): switch"):
            call()
    assert wire.clock.now_s() - began_s < 0.1


def test_a_lock_that_is_never_given_back_ends_with_its_deadline(wire_of, mat) -> None:
    wire = wire_of()
    chip = StartableAds1115(BoundedBus(wire.bus), CHIP, mat.electronics)
    wire.bus.try_lock()
    began_s = time.monotonic()
    with pytest.raises(ChipError, match="stayed locked"):
        chip.done()
    assert time.monotonic() - began_s >= LOCK_DEADLINE_S
    wire.bus.unlock()
    assert chip.done()


@pytest.mark.parametrize("after_start_s", [0.0, 0.0005, 0.002])
def test_a_brown_out_is_seen_by_the_next_question(wire_of, mat, after_start_s) -> None:
    wire = wire_of()
    chip = StartableAds1115(wire.bus, CHIP, mat.electronics)
    chip.start(0)
    now_s = wire.clock.now_s()
    wire.bus.order(BrownOut(CHIP, now_s + after_start_s, now_s + after_start_s))
    wire.wait(0.003)
    with pytest.raises(ResetError, match="0x48 has lost its configuration"):
        chip.done(0)
    with pytest.raises(ResetError, match="signature"):
        chip.check_signature()


def test_a_brown_out_between_question_and_result_is_seen_by_the_signature(wire_of, mat) -> None:
    """Nothing else tells: the conversion register of a reset chip reads 0, as an empty strip."""
    wire = wire_of()
    chip = StartableAds1115(wire.bus, CHIP, mat.electronics)
    chip.start(0)
    wire.wait(0.003)
    assert chip.done(0)
    wire.bus.order(BrownOut(CHIP, wire.clock.now_s(), wire.clock.now_s()))
    assert chip.result() == 0
    with pytest.raises(ResetError):
        chip.check_signature()


def test_another_input_than_was_asked_for_is_no_reading(wire_of, mat) -> None:
    wire = wire_of()
    chip = StartableAds1115(wire.bus, CHIP, mat.electronics)
    chip.start(2)
    wire.bus.order(ChangedConfig(CHIP, wire.clock.now_s(), 0x43E3))
    wire.wait(0.003)
    with pytest.raises(ResetError, match="configuration"):
        chip.done(2)


def test_a_late_conversion_is_not_done_however_often_it_is_asked(wire_of, mat) -> None:
    wire = wire_of(faults=[LateConversion(CHIP, 0.0)])
    chip = StartableAds1115(wire.bus, CHIP, mat.electronics)
    chip.start(0)
    wire.wait(0.005)
    assert not chip.done(0)
    wire.wait(0.01)
    assert chip.done(0)


def test_a_chip_under_another_address_is_refused_until_it_was_switched_off(wire_of, mat) -> None:
    wire = wire_of()
    for address in (CHIP, OTHER):
        StartableAds1115(wire.bus, address, mat.electronics)
    now_s = wire.clock.now_s()
    wire.bus.order(SwappedAddress(CHIP, OTHER, now_s))
    with pytest.raises(ChipError, match="The chip of address 0x49 answers at 0x48: check the wir"):
        StartableAds1115(wire.bus, CHIP, mat.electronics)
    for address in (CHIP, OTHER):
        wire.bus.order(BrownOut(address, now_s + 1, now_s + 2))
    wire.wait(3.0)
    StartableAds1115(wire.bus, CHIP, mat.electronics)


def test_two_chips_at_one_address_are_refused(wire_of, mat) -> None:
    wire = wire_of()
    for address in (CHIP, OTHER):
        StartableAds1115(wire.bus, address, mat.electronics)
    wire.bus.order(WrongAddress(OTHER, CHIP, wire.clock.now_s()))
    with pytest.raises(ChipError, match="two chips answer together"):
        StartableAds1115(wire.bus, CHIP, mat.electronics)


def test_an_error_names_the_chip_and_the_remedy(wire_of, mat) -> None:
    wire = wire_of()
    chip = StartableAds1115(wire.bus, CHIP, mat.electronics)
    wire.bus.order(NoAcknowledge(CHIP, wire.clock.now_s()))
    with pytest.raises(ChipError, match=r"0x48 .*check its plug and cable"):
        chip.start(0)

"""The emulated ADS1115 is the data sheet's (SBAS444E), register by register."""

from __future__ import annotations

import pytest
from adafruit_ads1x15 import ADS1115, AnalogIn

from device.core.mat import DATA_RATES, FULL_SCALES_V, Mat
from device.drivers.emulated.bus import EmulatedBus
from device.drivers.emulated.chip import EmulatedAds1115
from device.drivers.emulated.clock import VirtualClock

CHIP, OTHER = 0x48, 0x49
CONVERSION, CONFIG, LOW, HIGH = range(4)
OS = 0x8000
A0_4V_860 = 0x4000 | 0x0200 | 0x0100 | 0x00E0 | 0x0003
"""Input 0 against ground, 4.096 V, single-shot, 860 samples/s, comparator off."""
A1_4V_860 = A0_4V_860 | 0x1000
CONVERSION_S = 25e-6 + 1 / 860


def test_registers_after_power_up_are_those_of_the_data_sheet(wire_of) -> None:
    wire = wire_of()
    assert [wire.register(CHIP, pointer) for pointer in range(4)] == [0, 0x8583, 0x8000, 0x7FFF]


def test_pointer_stays_until_it_is_written(wire_of) -> None:
    wire = wire_of()
    wire.write(CHIP, HIGH)
    assert wire.read(CHIP) == wire.read(CHIP) == b"\x7f\xff"


def test_pointer_after_power_up_is_the_conversion_register(wire_of) -> None:
    assert wire_of().read(CHIP) == b"\x00\x00"


def test_thresholds_keep_what_is_written_and_conversions_cannot_be_written(wire_of) -> None:
    wire = wire_of()
    wire.write(CHIP, LOW, 0x12, 0x34)
    wire.write(CHIP, HIGH, 0x56, 0x78)
    wire.write(CHIP, CONVERSION, 0x9A, 0xBC)
    assert [wire.register(CHIP, pointer) for pointer in (LOW, HIGH, CONVERSION)] == [
        0x1234,
        0x5678,
        0,
    ]


def test_half_a_register_written_changes_nothing(wire_of) -> None:
    wire = wire_of()
    wire.write(CHIP, HIGH, 0x12)
    assert wire.register(CHIP, HIGH) == 0x7FFF


def test_a_third_byte_read_is_the_idle_line(wire_of) -> None:
    wire = wire_of()
    wire.write(CHIP, CONFIG)
    assert wire.read(CHIP, 3) == b"\x85\x83\xff"


def test_without_an_order_nothing_is_converted(wire_of) -> None:
    wire = wire_of()
    wire.set_config(CHIP, A0_4V_860)
    assert wire.register(CHIP, CONFIG) & OS
    wire.wait(1.0)
    assert wire.register(CHIP, CONVERSION) == 0


def test_os_bit_falls_for_the_conversion_and_rises_with_its_result(wire_of) -> None:
    wire = wire_of()
    wire.set_config(CHIP, OS | A0_4V_860)
    assert wire.register(CHIP, CONFIG) == A0_4V_860
    assert wire.register(CHIP, CONVERSION) == 0
    wire.wait(CONVERSION_S)
    assert wire.register(CHIP, CONFIG) == OS | A0_4V_860
    assert wire.register(CHIP, CONVERSION) == 8000


@pytest.mark.parametrize("error", [-0.1, 0.0, 0.1])
@pytest.mark.parametrize("code", range(8))
def test_a_conversion_takes_one_period_of_the_rate_within_its_tolerance(code, error) -> None:
    chip = EmulatedAds1115(lambda channel, t_s: 1.0, 3.3, error)
    config = OS | 0x4300 | code << 5
    chip.write(bytes([CONFIG, config >> 8, config & 0xFF]), 10.0)
    due_s = 10.0 + 25e-6 + 1 / (DATA_RATES[code] * (1 + error))
    assert not chip.read(1, due_s - 1e-6)[0] & 0x80
    assert chip.read(1, due_s + 1e-6)[0] & 0x80


def test_a_rate_outside_the_tolerance_is_no_ads1115() -> None:
    with pytest.raises(ValueError, match="data sheet"):
        EmulatedAds1115(lambda channel, t_s: 1.0, 3.3, 0.11)


def test_os_bit_is_still_high_while_the_chip_powers_up() -> None:
    chip = EmulatedAds1115(lambda channel, t_s: 1.0, 3.3)
    chip.write(bytes([CONFIG, 0xC3, 0xE3]), 0.0)
    assert chip.read(1, 20e-6)[0] & 0x80
    assert not chip.read(1, 30e-6)[0] & 0x80


def test_an_order_during_a_conversion_is_ignored_and_the_result_is_the_old_inputs(wire_of) -> None:
    """What makes a late conversion dangerous: config says input 1, the result is input 0's."""
    wire = wire_of(lambda address, channel, t_s: 1.0 + channel)
    wire.set_config(CHIP, OS | A0_4V_860)
    wire.wait(CONVERSION_S / 2)
    wire.set_config(CHIP, OS | A1_4V_860)
    wire.wait(CONVERSION_S / 2)
    assert wire.register(CHIP, CONFIG) == OS | A1_4V_860
    assert wire.register(CHIP, CONVERSION) == 8000


def test_the_input_is_measured_in_the_middle_of_the_conversion(wire_of) -> None:
    wire = wire_of(lambda address, channel, t_s: t_s)
    wire.wait(1.0)
    wire.set_config(CHIP, OS | A0_4V_860)
    middle_s = wire.clock.now_s() + 25e-6 + 1 / 860 / 2
    wire.wait(0.5)
    assert wire.register(CHIP, CONVERSION) == round(middle_s / 125e-6)


@pytest.mark.parametrize(
    ("mux", "volts"),
    [(0, -0.5), (1, -1.5), (2, -1.0), (3, -0.5), (4, 0.5), (5, 1.0), (6, 1.5), (7, 2.0)],
)
def test_every_mux_code_selects_its_inputs(wire_of, mux, volts) -> None:
    wire = wire_of(lambda address, channel, t_s: (channel + 1) * 0.5)
    wire.set_config(CHIP, OS | mux << 12 | 0x03E3)
    wire.wait(0.01)
    assert wire.register(CHIP, CONVERSION) == round(volts / 125e-6) & 0xFFFF


@pytest.mark.parametrize("code", range(8))
def test_every_gain_code_has_its_full_scale_and_clips_there(wire_of, code) -> None:
    full_scale_v = FULL_SCALES_V[min(code, 5)]
    volts = [0.1]
    wire = wire_of(lambda address, channel, t_s: volts[0])
    for volts[0], expected in (
        (0.1, round(0.1 / full_scale_v * 32768)),
        (3.3, min(round(3.3 / full_scale_v * 32768), 0x7FFF)),
    ):
        wire.set_config(CHIP, OS | 0x4000 | code << 9 | 0x01E3)
        wire.wait(0.01)
        assert wire.register(CHIP, CONVERSION) == expected


def test_a_negative_difference_beyond_full_scale_clips_to_8000(wire_of) -> None:
    wire = wire_of(lambda address, channel, t_s: 3.0 * channel / 1)
    wire.set_config(CHIP, OS | 0x0A00 | 0x01E3)
    wire.wait(0.01)
    assert wire.register(CHIP, CONVERSION) == 0x8000


@pytest.mark.parametrize(("volts", "counts"), [(5.0, 26400), (-1.0, 0)])
def test_an_input_cannot_leave_the_supply(wire_of, volts, counts) -> None:
    wire = wire_of(lambda *_: volts)
    wire.set_config(CHIP, OS | A0_4V_860)
    wire.wait(0.01)
    assert wire.register(CHIP, CONVERSION) == counts


def test_continuous_mode_goes_on_converting_and_ends_with_the_mode(wire_of) -> None:
    wire = wire_of(lambda address, channel, t_s: t_s)
    wire.set_config(CHIP, 0x4000 | 0x0200 | 0x00E3)
    for _ in range(3):
        wire.wait(0.5)
        age_s = wire.clock.now_s() - wire.register(CHIP, CONVERSION) * 125e-6
        assert 0 < age_s < 2 / 860
    wire.set_config(CHIP, A0_4V_860)
    wire.wait(0.01)
    last = wire.register(CHIP, CONVERSION)
    wire.wait(0.1)
    assert wire.register(CHIP, CONVERSION) == last


def test_the_general_call_resets_every_chip(wire_of) -> None:
    wire = wire_of()
    for address in (CHIP, OTHER):
        wire.write(address, HIGH, 0x12, 0x34)
    wire.write(0x00, 0x06)
    assert [wire.register(a, HIGH) for a in (CHIP, OTHER)] == [0x7FFF, 0x7FFF]


@pytest.mark.parametrize("scl_hz", [100_000, 400_000])
def test_a_transfer_takes_its_time_on_the_wire(wire_of, scl_hz) -> None:
    wire = wire_of(scl_hz=scl_hz)
    wire.set_config(CHIP, A0_4V_860)  # start, 4 bytes with their acknowledges, stop
    assert wire.clock.now_s() * scl_hz == pytest.approx(1 + 4 * 9 + 1)
    began_s = wire.clock.now_s()
    wire.register(CHIP, CONFIG)  # start, 2 bytes, repeated start, 3 bytes, stop
    assert (wire.clock.now_s() - began_s) * scl_hz == pytest.approx(1 + 2 * 9 + 1 + 3 * 9 + 1)


def test_the_bus_has_a_lock_as_busio_has(wire_of) -> None:
    bus = wire_of().bus
    assert bus.try_lock()
    assert not bus.try_lock()
    bus.unlock()
    assert bus.try_lock()


def test_the_adafruit_driver_itself_reads_the_volts_of_every_input(mat: Mat) -> None:
    bus = EmulatedBus(
        VirtualClock(),
        lambda address, channel, t_s: (address - 0x48) * 0.8 + channel * 0.2,
        mat.electronics,
        mat.addresses,
    )
    for address in mat.addresses:
        chip = ADS1115(bus, address=address)
        for channel in range(4):
            expected = pytest.approx((address - 0x48) * 0.8 + channel * 0.2, abs=125e-6)
            assert AnalogIn(chip, channel).voltage == expected

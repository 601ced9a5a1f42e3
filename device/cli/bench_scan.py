"""`pronemat bench scan`: what the scan reaches, against reading the channels one by one."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path

import click
from adafruit_ads1x15 import ADS1115, AnalogIn

from device.core.mat import Mat
from device.drivers.ads1115 import ADAFRUIT_GAINS
from device.drivers.clock import Clock, RealClock
from device.drivers.emulated.bus import EmulatedBus
from device.drivers.emulated.clock import VirtualClock
from device.drivers.i2c import FAST_MODE_HZ, I2C
from device.drivers.real_bus import RealBus
from device.errors import BusError
from device.mat_file import load_mat
from device.sources.plan import limit_frames_per_s
from device.sources.scan import ScanSource

FRAMES = 1000
"""Six seconds of the mat: the chips' clocks have been learnt after the first tenth."""


@dataclass(frozen=True, slots=True)
class ScanRates:
    """Frames a second of all channels: by the scan, one by one, and what physics allows at most."""

    frames_per_s: float
    one_by_one_frames_per_s: float
    limit_frames_per_s: float
    failed_reads: int


def measure_scan(
    mat: Mat, open_bus: Callable[[], tuple[I2C, Clock]], scl_hz: float, frames: int = FRAMES
) -> ScanRates:
    """Scan `frames` frames as fast as can be, then a tenth of them one by one on a bus like it."""
    i2c, clock = open_bus()
    source = ScanSource(mat, i2c, clock, name="bench", frames_per_s=None)
    began_s = clock.now_s()
    for _ in itertools.islice(source.frames(), frames):
        pass
    scanned = frames / (clock.now_s() - began_s)

    i2c, clock = open_bus()
    inputs = one_by_one_inputs(mat, i2c)
    few = max(1, frames // 10)
    began_s = clock.now_s()
    for _ in range(few):
        for analog_in in inputs:
            analog_in.value  # noqa: B018  (reading it is the work)
    one_by_one = few / (clock.now_s() - began_s)
    return ScanRates(
        scanned, one_by_one, limit_frames_per_s(mat, scl_hz), source.counters().failed_reads
    )


def one_by_one_inputs(mat: Mat, i2c: I2C) -> list[AnalogIn]:
    """Every channel as the Adafruit driver has it: it starts, waits and reads, one at a time."""
    try:
        chips = {
            address: ADS1115(
                i2c,
                gain=ADAFRUIT_GAINS[mat.electronics.full_scale_v],
                data_rate=mat.electronics.data_rate_hz,
                address=address,
            )
            for address in mat.addresses
        }
    except (OSError, ValueError) as error:
        raise BusError(
            f"Not every chip of the mat answers ({error}): check the plugs and cables."
        ) from None
    return [AnalogIn(chips[address], channel) for address, channel in mat.slots]


@click.command(epilog="Examples: pronemat bench scan; pronemat bench scan --bus 1 --json")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
@click.option(
    "--scl-hz",
    type=click.FloatRange(10_000, 400_000),
    default=FAST_MODE_HZ,
    show_default=True,
    help="Clock of the emulated bus.",
)
@click.option("--seed", type=int, default=0, show_default=True, help="Draws the chips' clocks.")
@click.option(
    "--frames",
    type=click.IntRange(min=10),
    default=FRAMES,
    show_default=True,
    help="How many frames are measured.",
)
@click.option("--mat", "mat_file", type=click.Path(path_type=Path), help="Another mat.toml.")
@click.option("--bus", type=int, help="Measure the mat on this I2C bus in place of emulated chips.")
def scan(
    as_json: bool, scl_hz: float, seed: int, frames: int, mat_file: Path | None, bus: int | None
) -> None:
    """Measure the scan of the mat, as fast as it can.

    Emulated chips on a virtual clock, unless --bus names the mat's own bus.
    """
    mat = load_mat(mat_file)
    if bus is None:

        def emulated() -> tuple[I2C, Clock]:
            clock = VirtualClock()
            return EmulatedBus(
                clock,
                lambda address, channel, t_s: mat.reference.nominal_v,
                mat.electronics,
                mat.addresses,
                scl_hz=scl_hz,
                seed=seed,
            ), clock

        rates = measure_scan(mat, emulated, scl_hz, frames)
    else:
        real = RealBus(bus, scl_hz)
        try:
            rates = measure_scan(mat, lambda: (real.i2c, RealClock()), scl_hz, frames)
        finally:
            real.close()
    if as_json:
        click.echo(json.dumps({key: round(value, 2) for key, value in asdict(rates).items()}))
        return
    channels, chips = len(mat.channels), len(mat.addresses)
    click.echo(f"{channels} channels of {chips} chips, {mat.electronics.data_rate_hz} samples/s")
    click.echo(f"scan        {rates.frames_per_s:6.1f} frames/s")
    click.echo(f"one by one  {rates.one_by_one_frames_per_s:6.1f} frames/s")
    click.echo(f"limit       {rates.limit_frames_per_s:6.1f} frames/s")

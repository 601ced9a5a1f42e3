"""`pronemat bench faults`: a storm of bus faults under a training member, from chips to verdicts.

The same simulated member is judged twice: once without a bus, once through the real driver over
emulated chips that fail as ordered. A fault may cost a rep or make it unsure. It must never turn a
verdict, invent a rep, hold the scan up or fill the memory.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass

import click

from device.athlete import SimulatedMat, dead_weight_points
from device.cli.options import without_log
from device.cli.progress import shown
from device.core.calibration import Calibration, fit_calibration
from device.core.mat import Mat
from device.core.pipeline import Pipeline
from device.core.types import Frame, Rep, Side, Verdict
from device.drivers.emulated.bus import EmulatedBus
from device.drivers.emulated.clock import VirtualClock
from device.drivers.emulated.faults import Fault
from device.drivers.emulated.storm import storm
from device.mat_file import load_mat
from device.model_file import load_model
from device.sources.scan import FRAMES_PER_S, ScanSource

FAULTS = 10_000
EVERY_S = 0.15
"""Faults come so often on average: a storm that still leaves most lifts to be judged."""
AFTER_S = 5.0
"""The run goes on so long after the last fault: everything must be well again."""
ORDERED_AHEAD_S = 0.05
EARLY, LATE = (0.4, 0.6), (0.8, 1.0)
"""Memory is compared between these shares of the run: what the first lifts build is there by then.
It breathes by a per cent with what is under way, so the least of many samples counts."""
SAMPLE_FRAMES = 50
LONGEST_FRAME_S = 0.2
"""Four chips on a stuck bus, each tried once for 20 ms, and a frame around it."""
MEMORY_GROWTH_PCT = 1.5
"""One object kept for each fault would be 2 %."""
FAILED = 5


@dataclass(frozen=True, slots=True)
class StormResult:
    """What a run came to. Reps are counted against those of the same lifts without faults."""

    faults: int
    mat_s: float
    reps: int
    same: int
    unsure: int
    missing: int
    turned: int
    invented: int
    failed_reads: int
    longest_frame_s: float
    memory_growth_pct: float
    well_at_the_end: bool
    took_s: float

    @property
    def sound(self) -> bool:
        """Whether nothing happened that must not."""
        return (
            self.turned == 0
            and self.invented == 0
            and self.longest_frame_s < LONGEST_FRAME_S
            and self.memory_growth_pct < MEMORY_GROWTH_PCT
            and self.well_at_the_end
        )


@dataclass(frozen=True, slots=True)
class _Judged:
    """As much of a rep as is compared; whole reps would fill the memory that is watched."""

    side: Side
    verdict: Verdict
    start_s: float
    end_s: float


def measure_storm(
    mat: Mat,
    faults: int = FAULTS,
    every_s: float = EVERY_S,
    seed: int = 1,
    progress: Callable[[float], None] = lambda share: None,
) -> StormResult:
    """Run the storm in virtual time."""
    began_s = time.monotonic()
    calibration = fit_calibration(mat, dead_weight_points(mat, seed), "storm")
    ordered = list(storm(mat.addresses, faults, every_s, seed))
    end_s = ordered[-1].from_s + AFTER_S
    sound = _judged(calibration, _without_bus(mat, seed, end_s))
    stormy = _Stormy(mat, seed, ordered, end_s, progress)
    judged = _judged(calibration, stormy.frames())
    fates = [_fate(rep, judged) for rep in sound]
    counters = stormy.source.counters()
    return StormResult(
        faults=faults,
        mat_s=end_s,
        reps=len(sound),
        same=fates.count("same"),
        unsure=fates.count("unsure"),
        missing=fates.count("missing"),
        turned=fates.count("turned"),
        invented=sum(_partner(rep, sound) is None for rep in judged),
        failed_reads=counters.failed_reads,
        longest_frame_s=stormy.longest_frame_s,
        memory_growth_pct=100.0 * (stormy.least_blocks(LATE) / stormy.least_blocks(EARLY) - 1.0),
        well_at_the_end=all(chip.answering for chip in counters.chips.values()),
        took_s=time.monotonic() - began_s,
    )


class _Stormy:
    """The real driver's scan of the member's mat while the faults happen."""

    def __init__(
        self,
        mat: Mat,
        seed: int,
        faults: Sequence[Fault],
        end_s: float,
        progress: Callable[[float], None],
    ) -> None:
        self._clock = VirtualClock()
        member = SimulatedMat(mat, seed)
        self._bus = EmulatedBus(
            self._clock, member.volts, mat.electronics, mat.addresses, seed=seed
        )
        self.source = ScanSource(mat, self._bus, self._clock, name="storm")
        self.longest_frame_s = 0.0
        self._blocks: list[tuple[float, int]] = []
        self._faults = faults
        self._end_s = end_s
        self._progress = progress

    def least_blocks(self, shares: tuple[float, float]) -> int:
        """The least memory, in blocks of the interpreter, in a part of the run."""
        return min(blocks for share, blocks in self._blocks if shares[0] <= share < shares[1])

    def frames(self) -> Iterator[Frame]:
        """The frames until the end; each fault is ordered shortly before its time."""
        ordered = 0
        before_s = 0.0
        for frame in self.source.frames():
            now_s = self._clock.now_s()
            self.longest_frame_s = max(self.longest_frame_s, now_s - before_s)
            before_s = now_s
            yield frame
            while (
                ordered < len(self._faults)
                and self._faults[ordered].from_s < now_s + ORDERED_AHEAD_S
            ):
                self._bus.order(self._faults[ordered])
                ordered += 1
            if frame.sequence % SAMPLE_FRAMES == 0:
                self._blocks.append((now_s / self._end_s, sys.getallocatedblocks()))
            self._progress(now_s / self._end_s)
            if now_s > self._end_s:
                self.source.close()


def _without_bus(mat: Mat, seed: int, end_s: float) -> Iterator[Frame]:
    member = SimulatedMat(mat, seed)
    for number in range(int(end_s * FRAMES_PER_S)):
        t_s = number / FRAMES_PER_S
        counts = member.counts(t_s)
        yield Frame(number, t_s, counts, counts)


def _judged(calibration: Calibration, frames: Iterable[Frame]) -> list[_Judged]:
    core = Pipeline(calibration, load_model())
    return [
        _Judged(event.side, event.verdict, event.start_s, event.end_s)
        for frame in frames
        for event in core.step(frame.t_s, frame.counts)
        if isinstance(event, Rep)
    ]


def _fate(rep: _Judged, judged: Sequence[_Judged]) -> str:
    """What became of a rep in the storm."""
    other = _partner(rep, judged)
    if other is None:
        return "missing"
    if other.verdict is rep.verdict:
        return "same"
    return "unsure" if Verdict.UNSURE in (other.verdict, rep.verdict) else "turned"


def _partner(rep: _Judged, among: Sequence[_Judged]) -> _Judged | None:
    """The rep of the same lift: by the same leg, at the same time, be its beginning lost or not."""
    for other in among:
        if other.side is rep.side and other.start_s < rep.end_s and rep.start_s < other.end_s:
            return other
    return None


@click.command(epilog="Examples: pronemat bench faults; pronemat bench faults --faults 500 --json")
@click.option(
    "--faults",
    type=click.IntRange(min=1),
    default=FAULTS,
    show_default=True,
    help="How many are ordered.",
)
@click.option(
    "--every",
    "every_s",
    type=click.FloatRange(0.002, 60.0),
    default=EVERY_S,
    show_default=True,
    help="Seconds between two faults on average.",
)
@click.option("--seed", default=1, show_default=True, help="Draws the member and the faults.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
def faults(faults: int, every_s: float, seed: int, as_json: bool) -> None:
    """Let bus faults rain on a training member in virtual time, and hold the reps against those
    without faults: none may be turned or invented.

    Ten thousand take some minutes. Exit code 5: something happened that must not.
    """
    without_log()
    with shown("faults") as progress:
        result = measure_storm(load_mat(), faults, every_s, seed, progress)
    if as_json:
        click.echo(json.dumps({**asdict(result), "sound": result.sound}))
    else:
        click.echo(
            f"{result.faults} faults in {result.mat_s / 60:.1f} minutes of the mat "
            f"({result.failed_reads} readings lost), run in {result.took_s:.0f} s"
        )
        click.echo(
            f"reps           {result.reps}: {result.same} judged the same, {result.unsure} unsure, "
            f"{result.missing} missing"
        )
        click.echo(f"turned         {result.turned}    invented  {result.invented}")
        click.echo(f"longest frame  {1000 * result.longest_frame_s:.0f} ms")
        click.echo(f"memory         {result.memory_growth_pct:+.2f} %")
        well = "all chips answer" if result.well_at_the_end else "A CHIP IS STILL LOST"
        click.echo(f"afterwards     {well}")
    if not result.sound:
        sys.exit(FAILED)

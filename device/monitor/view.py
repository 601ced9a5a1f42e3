"""Draws a `Picture`: the mat from head to foot, the left strips' bars to the left."""

from __future__ import annotations

import math

from rich.text import Text

from device.core.mat import Mat
from device.monitor.picture import EVENTS_KEPT, Picture, Unit

COLUMNS = 80
LINES_BESIDE_ROWS = 15
"""Heading, figures, chips, captions, reference, problems, events, and the keys below."""
BAR, NAME, VALUE, NOISE = 20, 11, 8, 5
PROBLEM_LINES = 4
STEPS = (1.0, 2.0, 5.0)


def least_lines(mat: Mat) -> int:
    """Lines that the view needs for this mat, its keys included."""
    return len(mat.rows) + LINES_BESIDE_ROWS


def draw(picture: Picture) -> Text:
    """The whole view; every line fits into `COLUMNS`."""
    values = picture.values()
    scale = full_scale(picture.unit, values)
    measure = picture.unit.value
    lines = [_heading(picture), _figures(picture), _chips(picture)]
    lines.append(Text(f"{measure.word}; a full bar is {scale:g} {measure.unit}", "bold"))
    lines.append(_caption())
    noise = picture.noise_counts()
    lines += [_row(picture, row, values, noise, scale) for row in picture.mat.rows]
    lines.append(_reference(picture, noise))
    shown = picture.problems[:PROBLEM_LINES]
    lines += [Text(f"PROBLEM {text}", "red") for text in shown]
    lines += [Text()] * (PROBLEM_LINES - len(shown))
    said = list(picture.said)
    lines += [Text(text) for text in said] + [Text()] * (EVENTS_KEPT - len(said))
    for line in lines:
        line.truncate(COLUMNS, overflow="ellipsis")
    return Text("\n").join(lines)


def full_scale(unit: Unit, values: dict[str, float]) -> float:
    """A round number that every bar fits into."""
    largest = max((value for value in values.values() if math.isfinite(value)), default=0.0)
    scale = unit.value.least_scale
    if largest <= scale:
        return scale
    decade = 10.0 ** math.floor(math.log10(largest))
    return next(step * decade for step in (*STEPS, 10.0) if step * decade >= largest)


def _heading(picture: Picture) -> Text:
    if picture.lost is not None:
        return Text.assemble(("pronemat monitor   ", "bold"), (picture.lost, "bold red"))
    status, live = picture.status, picture.live
    parts: list[tuple[str, str]] = [("pronemat monitor", "bold"), (f"   {_source(picture)}", "")]
    if status.get("simulated"):
        parts.append((" SIMULATED", "bold magenta"))
    if status and not status.get("calibrated"):
        parts.append((" UNCALIBRATED", "bold yellow"))
    side = f" {live['side']}" if live.get("side") else ""
    parts.append((f"   {live.get('phase', '')}{side}", "bold"))
    if picture.frozen:
        parts.append(("   FROZEN", "reverse"))
    if picture.recording is not None:
        parts.append(("   REC ", "bold red"))
        parts.append((picture.recording, ""))
    return Text.assemble(*parts)


def _source(picture: Picture) -> str:
    return str(picture.status.get("source", ""))


def _figures(picture: Picture) -> Text:
    status, live = picture.status, picture.live
    return Text(
        f"{_figure(live.get('frames_per_s'), 0)} frames/s, {status.get('late_frames', '-')} late, "
        f"{status.get('failed_reads', '-')} failed   {_figure(live.get('weight_n'), 0)} N   "
        f"T {_signed(live.get('tilt_pct'))} %   R {_signed(live.get('roll_pct'))} %"
    )


def _chips(picture: Picture) -> Text:
    text = Text()
    for address, chip in picture.status.get("chips", {}).items():
        text.append(f"{address} ")
        if not chip["answering"]:
            text.append("SILENT", "bold red")
        troubles = {
            "failed": chip["failed_reads"],
            "late": chip["late_conversions"],
            "resets": chip["resets"],
        }
        counted = " ".join(f"{number} {word}" for word, number in troubles.items() if number)
        text.append(f" {counted}" if counted else "ok" if chip["answering"] else "", "yellow")
        text.append("  ")
    return text


def _caption() -> Text:
    left = f"{'noise':>{NOISE}}{'':{VALUE}}{'left':>{BAR + 1}}"
    return Text(f"{left} {'':^{NAME}} {'right':<{BAR}}{'':{VALUE}}{'noise':>{NOISE}}", "dim")


def _row(
    picture: Picture,
    row: str,
    values: dict[str, float],
    noise: dict[str, float],
    scale: float,
) -> Text:
    names = {sensor.side: sensor.name for sensor in picture.mat.sensors if sensor.row == row}
    digits = picture.unit.value.digits
    if None in names:
        name = names[None]
        cells = _bar(values[name], scale)
        half = (cells + 1) // 2
        left_bar, right_bar = _cells(half), _cells(half)
        left_value = left_noise = ""
        right_value, right_noise = _value(values[name], digits), _figure(noise[name], 0)
    else:
        left, right = names["left"], names["right"]
        left_bar, right_bar = (_cells(_bar(values[one], scale)) for one in (left, right))
        left_value, right_value = (_value(values[one], digits) for one in (left, right))
        left_noise, right_noise = (_figure(noise[one], 0) for one in (left, right))
    return Text.assemble(
        (f"{left_noise:>{NOISE}}", "dim"),
        (f"{left_value:>{VALUE}} ", "red" if left_value == MISSING else ""),
        (f"{left_bar:>{BAR}}", "cyan"),
        f" {row:^{NAME}} ",
        (f"{right_bar:<{BAR}}", "cyan"),
        (f"{right_value:>{VALUE}}", "red" if right_value == MISSING else ""),
        (f"{right_noise:>{NOISE}}", "dim"),
    )


def _reference(picture: Picture, noise: dict[str, float]) -> Text:
    reference = picture.mat.reference
    counts = picture.reference_counts()
    volts = _figure(counts * picture.mat.electronics.volts_per_count, 3)
    counted = f"{_figure(counts, 0)} counts, noise {_figure(noise[reference.name], 0)}"
    return Text(f"reference {volts} V of {reference.nominal_v:g} V ({counted})", "dim")


MISSING = "missing"


def _value(value: float, digits: int) -> str:
    return f"{value:.{digits}f}" if math.isfinite(value) else MISSING


def _figure(value: float | None, digits: int) -> str:
    return "-" if value is None or not math.isfinite(value) else f"{value:.{digits}f}"


def _signed(value: float | None) -> str:
    return "-" if value is None or not math.isfinite(value) else f"{value:+.1f}"


def _bar(value: float, scale: float) -> int:
    if not math.isfinite(value):
        return 0
    return min(max(round(value / scale * BAR), 0), BAR)


def _cells(number: int) -> str:
    return "█" * number

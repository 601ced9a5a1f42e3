"""A strip's points and curve as a picture in the terminal, with the residuals below it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import plotext
from rich.text import Text

from device.calibrations.record import Reading
from device.calibrations.strip_fit import StripFit, siemens_of
from device.core.mat import Mat

CURVE_POINTS = 60
RESIDUALS_SHARE = 0.35
LEAST_LINES = 12
"""Below this the residuals would leave no room for the curve."""
MICRO = 1e6


def strip_plot(
    mat: Mat,
    readings: Sequence[Reading],
    fit: StripFit | None,
    columns: int,
    lines: int,
    *,
    top_n: float = 0.0,
    coloured: bool = True,
) -> Text:
    """Conductance over force, points up and down and, once fitted, the curve and residuals.

    The axis reaches to `top_n` newtons at least, so that it stays while points come.
    """
    top_n = max([top_n, 1.0, *(reading.force_n for reading in readings)])
    residual_lines = round(lines * RESIDUALS_SHARE) if fit and lines >= LEAST_LINES else 0
    text = _curve_plot(mat, readings, fit, top_n, columns, lines - residual_lines, coloured)
    if fit is not None and residual_lines:
        text.append("\n")
        text.append_text(_residual_plot(fit, top_n, columns, residual_lines, coloured))
    return text


def _curve_plot(
    mat: Mat,
    readings: Sequence[Reading],
    fit: StripFit | None,
    top_n: float,
    columns: int,
    lines: int,
    coloured: bool,
) -> Text:
    _clear(columns, lines, top_n, "conductance (uS) over force (N)")
    read = siemens_of(mat, np.array([r.counts for r in readings])) * MICRO
    highest = max([1.0, *read.tolist()])
    plotext.ylim(0.0, highest)
    plotext.yticks(
        [highest * step / 4 for step in range(5)],
        [f"{highest * step / 4:.0f}" for step in range(5)],
    )
    if fit is not None:
        force_n = np.linspace(0.0, float(fit.curve.force_n[-1]), CURVE_POINTS)
        powers = np.interp(force_n, fit.curve.force_n, fit.curve.siemens)
        plotext.plot(force_n.tolist(), (powers * MICRO).tolist(), marker="dot", color="white")
    for rising, marker, colour in ((True, "x", "cyan"), (False, "o", "yellow")):
        rows = [r for r in readings if r.rising == rising]
        if rows:
            siemens = siemens_of(mat, np.array([r.counts for r in rows])) * MICRO
            plotext.scatter(
                [r.force_n for r in rows], siemens.tolist(), marker=marker, color=colour
            )
    return _built(coloured)


def _residual_plot(fit: StripFit, top_n: float, columns: int, lines: int, coloured: bool) -> Text:
    _clear(columns, lines, top_n, "curve less weight (N)")
    widest = max([0.1, *map(abs, fit.residuals_n)])
    plotext.ylim(-widest, widest)
    plotext.yticks([-widest, 0.0, widest], [f"{one:+.1f}" for one in (-widest, 0.0, widest)])
    plotext.hline(0.0, color="white")
    for rising, marker, colour in ((True, "x", "cyan"), (False, "o", "yellow")):
        rows = [
            (reading.force_n, left)
            for reading, left in zip(fit.readings, fit.residuals_n, strict=True)
            if reading.rising == rising
        ]
        if rows:
            forces, residuals = zip(*rows, strict=True)
            plotext.scatter(list(forces), list(residuals), marker=marker, color=colour)
    return _built(coloured)


def _clear(columns: int, lines: int, top_n: float, title: str) -> None:
    """The library keeps one figure for the whole program: begin it anew."""
    plotext.clear_figure()
    plotext.theme("clear")
    plotext.plotsize(columns, lines)
    plotext.title(title)
    plotext.xlim(0.0, top_n)
    plotext.xticks(
        [top_n * step / 4 for step in range(5)], [f"{top_n * step / 4:g}" for step in range(5)]
    )


def _built(coloured: bool) -> Text:
    text = Text.from_ansi(plotext.build())
    return text if coloured else Text(text.plain)

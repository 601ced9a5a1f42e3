"""The doctor's findings as a page of the terminal: 80 columns, and 24 lines where that is all."""

from __future__ import annotations

from collections.abc import Collection

from rich.console import Console
from rich.table import Table
from rich.text import Text

from device.doctor.findings import CHECKS, Finding, State, worst

MARKS = {
    State.OK: ("ok", "green"),
    State.WARN: ("WARN", "yellow"),
    State.BAD: ("BAD", "red"),
    State.UNKNOWN: ("unknown", "dim"),
}
VERDICTS = {
    State.OK: "Nothing is known to be wrong.",
    State.WARN: "The mat can be used; see the lines marked WARN.",
    State.BAD: "The mat needs the maintainer; see the lines marked BAD, from the top.",
}
TROUBLED = (State.WARN, State.BAD)
MARK_WIDTH, TITLE_WIDTH = 7, 16
LINES_BELOW = 3
"""The verdict, where to read more, and the prompt that comes back."""


def print_page(findings: tuple[Finding, ...], console: Console | None = None) -> None:
    """The page, on the standard output or that console. On a terminal that is too low for it, what
    is unknown is told in one line, and if need be what is well too."""
    console = console or Console(highlight=False)
    page = _page(findings, ())
    for together in ((State.UNKNOWN,), (State.UNKNOWN, State.OK)):
        if not console.is_terminal or _height(console, page) + LINES_BELOW <= console.height:
            break
        page = _page(findings, together)
    console.print(page)
    simulated = "SIMULATED. " if any("(SIMULATED)" in row.figure for row in findings) else ""
    console.print(Text(simulated + VERDICTS[worst(findings)], "bold"))
    troubled = dict.fromkeys(row.key for row in findings if row.state in TROUBLED)
    if troubled:
        console.print(Text(f"What else it may be: pronemat doctor --explain {' '.join(troubled)}"))


def _height(console: Console, page: Table) -> int:
    return len(console.render_lines(page))


def _page(findings: tuple[Finding, ...], together: Collection[State]) -> Table:
    """A line or more for each check; those whose findings are all of one of the states `together`
    share a line. The strips stand alone in any case."""
    page = Table.grid(padding=(0, 1))
    page.add_column(width=MARK_WIDTH)
    page.add_column(width=TITLE_WIDTH)
    page.add_column(overflow="fold")
    shared: dict[State, list[str]] = {state: [] for state in (State.OK, State.UNKNOWN)}
    for key in CHECKS:
        rows = [finding for finding in findings if finding.key == key]
        states = {row.state for row in rows}
        if key != "strip" and len(states) == 1 and states <= set(together):
            shared[states.pop()].append(CHECKS[key])
            continue
        for row in _gathered(rows):
            _add(page, row, CHECKS[key])
    for state, titles in shared.items():
        if titles:
            _add(page, Finding("", state, ", ".join(titles)), "the others")
    return page


def _add(page: Table, row: Finding, title: str) -> None:
    mark, colour = MARKS[row.state]
    named = row.figure if row.subject in row.figure else f"{row.subject}: {row.figure}"
    said = Text(named)
    if row.remedy:
        said.append(f"\n{row.remedy}", "italic")
    page.add_row(Text(mark, colour), title, said)


def _gathered(rows: list[Finding]) -> list[Finding]:
    """Of a check with many subjects one line for all that are well, or unknown for one reason;
    the worst first."""
    alone = [row for state in (State.BAD, State.WARN) for row in rows if row.state is state]
    together: dict[tuple[State, str], list[Finding]] = {}
    for row in rows:
        if row.state in (State.OK, State.UNKNOWN):
            reason = row.figure if row.state is State.UNKNOWN else ""
            together.setdefault((row.state, reason), []).append(row)
    for (state, reason), same in together.items():
        if len(same) == 1:
            alone += same
            continue
        words = f"cannot be told: {reason}" if state is State.UNKNOWN else "are sound"
        figure = f"{len(same)} of {len(rows)} {words}"
        nearest = max(same, key=lambda row: row.strain)
        if nearest.strain > 0.0:
            figure += f"; worst {nearest.subject}: {nearest.figure}"
        alone.append(Finding(same[0].key, state, figure, same[0].remedy))
    return alone

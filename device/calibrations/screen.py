"""The guided visit on the full screen: it shows what the visit says, and passes keys on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical
from textual.widgets import Static

from device.calibrations.ask import Ask, Waiting
from device.calibrations.look import Look, Step
from device.calibrations.merge import change_pct
from device.calibrations.plot import strip_plot
from device.calibrations.record import Record
from device.calibrations.unfinished import Unfinished
from device.calibrations.visit import Visit, base_of
from device.errors import PronematError
from device.fullscreen import FullScreen

TICK_S = 0.1
LEFT_COLUMNS = 34
COMPARED_N = 20.0
SHOWN_STRIPS = 12


class CalibrateScreen(FullScreen[str | PronematError]):
    """Returns what became of the visit, an error that ended it, or None if it was left."""

    WHAT = "the guided calibration"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,enter", "accept", "curve is right"),
        Binding("r", "again", "again"),
        Binding("w", "skip_weight", "no such weight"),
        Binding("s", "skip_strip", "skip strip"),
        Binding("h", "hand", "simulated hand"),
        Binding("f", "finish", "finish here"),
        Binding("q", "leave", "leave"),
    ]
    CSS = f"""
    {FullScreen.CSS}
    {Waiting.CSS}
    #title {{ height: 1; text-style: bold; }}
    #left {{ width: 34; padding-right: 1; }}
    #task {{ height: 3; text-style: bold; }}
    #felt {{ height: 1; }}
    #notice {{ height: 5; color: ansi_yellow; }}
    #points {{ height: 1fr; }}
    #plot {{ width: 1fr; height: 100%; }}
    """

    def __init__(self, visit: Visit, ask_resume: Unfinished | None = None) -> None:
        super().__init__()
        self._visit = visit
        self._ask_resume = ask_resume
        self._asking = False
        self._plotted: object = None
        self._offered: object = None

    def content(self) -> ComposeResult:
        yield Static(id="title")
        with Horizontal():
            with Vertical(id="left"):
                yield Static(id="task")
                yield Static(id="felt")
                yield Waiting()
                yield Static(id="notice")
                yield Static(id="points")
            yield Static(id="plot")

    def on_mount(self) -> None:
        super().on_mount()
        self.set_interval(TICK_S, self._tick)
        if self._ask_resume is not None:
            self._ask_to_resume(self._ask_resume)
        self._draw()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Only what makes sense now is offered."""
        look = self._visit.procedure.look
        can = {
            "accept": look.step is Step.FITTED,
            "again": look.step in (Step.REFUSED, Step.FITTED) or bool(look.readings),
            "skip_weight": look.step in (Step.PLACE, Step.REFUSED) and look.rising
            and look.weight_n > 0.0 and len(self._visit.procedure.course.weights_n) > 1,
            "hand": self._visit.feed.simulated and look.step in (Step.EMPTY, Step.PLACE),
            "finish": bool(self._visit.procedure.course.accepted),
        }  # fmt: skip
        return can.get(action, True)

    # -- keys ----------------------------------------------------------------------------------

    def action_accept(self) -> None:
        """The curve is right; the next strip follows, or the end."""
        with self._kept_safe():
            self._visit.accept()
        self._draw()
        if self._visit.procedure.look.step is Step.DONE:
            self._ask_to_replace()

    def action_again(self) -> None:
        """Once more: the refused point, or the whole strip."""
        self._visit.procedure.again()
        self._draw()

    def action_skip_weight(self) -> None:
        """There is no such weight."""
        self._visit.procedure.skip_weight()
        self._draw()

    def action_skip_strip(self) -> None:
        """Leave this strip as it was."""
        self._visit.procedure.skip_strip()
        self._draw()
        if self._visit.procedure.look.step is Step.DONE:
            self._ask_to_replace()

    def action_hand(self) -> None:
        """On the simulated mat, do what is asked for."""
        with self._kept_safe():
            self._visit.ask_hand()

    def action_finish(self) -> None:
        """Enough strips for today."""
        self._ask_to_replace()

    # -- the course of things ------------------------------------------------------------------

    def _tick(self) -> None:
        if self._asking:
            return
        with self._kept_safe():
            self._visit.tick()
        self._draw()

    @contextmanager
    def _kept_safe(self) -> Iterator[None]:
        """An error a person can put right ends the view with its sentence; points are kept."""
        try:
            yield
        except PronematError as error:
            self.exit(error)

    def _ask(
        self, text: Text, choices: dict[str, str], then: Mapping[str, Callable[[], object]]
    ) -> None:
        """Ask; `then` has for each key what is to be called."""
        self._asking = True

        def answered(key: str | None) -> None:
            self._asking = False
            call = then.get(key or "")
            if call is not None:
                with self._kept_safe():
                    call()
            self._draw()

        self.push_screen(Ask(text, choices), answered)

    def _ask_to_resume(self, left: Unfinished) -> None:
        points = sum(map(len, left.readings.values()))
        text = Text.assemble(
            ("A calibration was not finished.\n\n", "bold"),
            f"{left.person} began it at {left.begun_utc}: {len(left.accepted)} strips are done, "
            f"{points} points are kept.",
        )
        choices = {"g": "go on with it", "n": "begin anew", "q": "leave"}
        then = {
            "g": lambda: self._visit.resume(left),
            "n": self._visit.begin_anew,
            "q": self.action_leave,
        }
        self._ask(text, choices, then)

    def _ask_to_replace(self) -> None:
        with self._kept_safe():
            record = self._visit.proposal()
            if record is None:
                self.exit("no strip was calibrated; the calibration in force is as it was.")
                return
            text = self._summary(record)
            choices = {"y": "replace it", "b": "back", "q": "leave; the points are kept"}
            if self._visit.procedure.look.step is Step.DONE:
                del choices["b"]
            then = {
                "y": lambda: self.exit(f"{record.id} is in force; {self._visit.finish(record)}"),
                "q": self.action_leave,
            }
            self._ask(text, choices, then)

    # -- what is drawn -------------------------------------------------------------------------

    def _draw(self) -> None:
        visit = self._visit
        look = visit.procedure.look
        title = Text("pronemat calibrate", "bold")
        done, all_strips = len(visit.procedure.course.accepted), len(visit.procedure.course.strips)
        title.append(f"   strip {min(done + 1, all_strips)} of {all_strips}", "")
        title.append(f"   {visit.plan.person}, through {visit.feed.source}")
        if visit.feed.simulated:
            title.append("   SIMULATED", "bold magenta")
        felt = "-" if look.felt_n != look.felt_n else f"{look.felt_n:.1f} N"
        self.put("title", title)
        self.put("task", look.task)
        self.put("felt", Text(f"feels about {felt}" if look.strip else "", "dim"))
        self.put("notice", Text(look.notice or ""))
        base = self.screen_stack[0]
        base.query_one(Waiting).tell(look.share)
        size = base.query_one("#plot", Static).size
        seen = (look.strip, look.weight_n, look.rising, look.readings, look.fit, size)
        if seen != self._plotted and size.width > 0:
            self._plotted = seen
            self.put("points", _points(look, visit.procedure.course.weights_n))
            coloured = not self.no_color
            top_n = visit.procedure.course.weights_n[-1]
            self.put(
                "plot",
                strip_plot(
                    visit.mat, look.readings, look.fit, *size, top_n=top_n, coloured=coloured
                )
                if look.strip
                else "",
            )
        if (look.step, look.weight_n) != self._offered:
            self._offered = (look.step, look.weight_n)
            self.refresh_bindings()

    def _summary(self, record: Record) -> Text:
        """What would be replaced, strip by strip."""
        visit = self._visit
        before = base_of(visit.history)
        known = visit.history.factory() if before is None else before
        fits = visit.procedure.course.fits
        text = Text.assemble(
            (f"Replace {known.id} by these curves?\n\n", "bold"),
            ("strip           loop  worst residual  change at 20 N\n", "dim"),
        )
        shown = [strip for strip in visit.mat.names if strip in visit.procedure.course.accepted]
        for strip in shown[:SHOWN_STRIPS]:
            fit = fits[strip]
            change = change_pct(known.calibration.curves[strip], fit.curve, COMPARED_N)
            text.append(f"{strip:14} {fit.hysteresis_pct:4.0f} %")
            text.append(f" {fit.worst_pct:12.0f} % {change:+13.0f} %\n")
        if len(shown) > SHOWN_STRIPS:
            text.append(f"and {len(shown) - SHOWN_STRIPS} more\n")
        left = len(visit.mat.names) - len(shown)
        if left and not record.calibration.calibrated:
            text.append("Strips without points remain: the mat still says UNCALIBRATED.", "yellow")
        elif left:
            text.append(f"The other {left} strips keep their curves.")
        return text


def _points(look: Look, weights_n: tuple[float, ...]) -> Table:
    """Every weight with what was read on the way up and down, and the residuals once fitted."""
    table = Table.grid(padding=(0, 1))
    headings = ("", "N", "up", "down", "residuals N" if look.fit else "")
    for _ in headings:
        table.add_column(justify="right")
    table.add_row(*(Text(heading, "dim") for heading in headings))
    fit = look.fit
    left = {} if fit is None else dict(zip(fit.readings, fit.residuals_n, strict=True))
    for weight_n in (0.0, *weights_n):
        cells, residuals = [], []
        for rising in (True, False):
            rows = [r for r in look.readings if (r.force_n, r.rising) == (weight_n, rising)]
            awaited = fit is None and (look.weight_n, look.rising) == (weight_n, rising)
            cells.append(f"{rows[0].counts:.0f}" if rows else "?" if awaited else "")
            residuals += [f"{left[r]:+.1f}" for r in rows if r in left]
        mark = ">" if fit is None and look.weight_n == weight_n else ""
        table.add_row(mark, f"{weight_n:g}", *cells, " ".join(residuals))
    return table

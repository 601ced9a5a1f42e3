"""The check with one weight on the full screen."""

from __future__ import annotations

from typing import ClassVar

from rich.table import Table
from rich.text import Text
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.widgets import Static

from device.calibrations.ask import Waiting
from device.calibrations.drift import Check, Grade, Step, verdict
from device.calibrations.feed import Feed
from device.errors import PronematError
from device.fullscreen import FullScreen

TICK_S = 0.1
STYLES = {Grade.SOUND: "green", Grade.DRIFTED: "yellow", Grade.WRONG: "bold red"}


class CheckScreen(FullScreen[PronematError]):
    """Returns an error that ended it, else None; what was measured is in the check."""

    WHAT = "the check"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("h", "hand", "simulated hand"),
        Binding("q", "leave", "finish"),
    ]
    CSS = f"""
    {FullScreen.CSS}
    {Waiting.CSS}
    #task {{ height: 2; text-style: bold; }}
    #notice {{ height: 1; color: ansi_yellow; }}
    """

    def __init__(self, check: Check, feed: Feed, against: str) -> None:
        """`against` names the calibration that is compared with."""
        super().__init__()
        self._check = check
        self._feed = feed
        self._against = against

    def content(self) -> ComposeResult:
        yield Static(id="title")
        yield Static(id="task")
        yield Waiting()
        yield Static(id="notice")
        yield Static(id="strips")

    def on_mount(self) -> None:
        super().on_mount()
        title = Text.assemble(("pronemat check", "bold"), f"   against {self._against}")
        if self._feed.simulated:
            title.append("   SIMULATED", "bold magenta")
        self.put("title", title)
        self.put("strips", self._table())
        self.set_interval(TICK_S, self._tick)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """The hand is there on a simulated mat alone."""
        return self._feed.simulated if action == "hand" else True

    def action_hand(self) -> None:
        """On the simulated mat: lay the weight on the next strip, or take it off."""
        hand(self._check, self._feed)

    def _tick(self) -> None:
        try:
            frames = self._feed.poll()
        except PronematError as error:
            self.exit(error)
            return
        measured = False
        for frame in frames:
            measured = self._check.take(frame) or measured
        look = self._check.look
        done = look.step is Step.DONE
        self.put("task", verdict(list(self._check.drifts.values())) if done else look.task)
        self.put("notice", Text(look.notice or ""))
        self.screen_stack[0].query_one(Waiting).tell(look.share)
        if measured:
            self.put("strips", self._table())

    def _table(self) -> Table:
        table = Table.grid(padding=(0, 1))
        for strip in self._check.strips:
            drift = self._check.drifts.get(strip)
            if drift is None:
                table.add_row(Text(f"{strip}: not yet", "dim"))
            else:
                table.add_row(Text(drift.sentence, STYLES[drift.grade]))
        return table


def hand(check: Check, feed: Feed) -> None:
    """Let the simulated hand do what is asked for."""
    step, left = check.look.step, check.left
    feed.order("get_up")
    for strip in check.strips:
        feed.order(f"press {strip} 0")
    if step is Step.PLACE and left:
        feed.order(f"press {left[0]} {check.weight_n:g}")

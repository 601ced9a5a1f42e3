"""What the views of the calibration are made of: a question, and the bar of a waiting."""

from __future__ import annotations

from rich.text import Text
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import ProgressBar, Static


class Ask(ModalScreen[str]):
    """A question; the answer is the key of one of its choices."""

    CSS = """
    Ask { align: center middle; background: ansi_default 60%; }
    #question { width: 72; height: auto; max-height: 22; border: round ansi_green; padding: 0 1;
                background: ansi_default; }
    #choices { margin-top: 1; }
    """

    def __init__(self, text: Text, choices: dict[str, str]) -> None:
        """`choices` are keys with the words for them; the last is what Escape says."""
        super().__init__()
        self._text = text
        self._choices = choices

    def compose(self) -> ComposeResult:
        keys = Text("   ").join(
            Text.assemble((f" {key} ", "reverse"), f" {words}")
            for key, words in self._choices.items()
        )
        with Vertical(id="question"):
            yield Static(self._text, id="said")
            yield Static(keys, id="choices")

    def key_escape(self) -> None:
        """As its last choice."""
        self.dismiss(list(self._choices)[-1])

    async def on_key(self, event: object) -> None:
        """A key that is a choice answers."""
        key = getattr(event, "key", "")
        if key in self._choices:
            self.dismiss(key)


class Waiting(ProgressBar):
    """How much of a waiting is over; there is nothing to see while nothing is waited for."""

    CSS = """
    Waiting { height: 1; width: 100%; }
    Waiting Bar { width: 1fr; }
    """

    def __init__(self) -> None:
        super().__init__(total=1.0, show_eta=False, show_percentage=False)

    def tell(self, share: float) -> None:
        """Which part of it, 0 to 1."""
        self.visible = share > 0.0
        self.update(progress=share)

"""What the panel shows and sounds: the tones of the cues, and the state of the daemon."""

from __future__ import annotations

from device.coach.cues import Tone
from device.coach.events import CoachEvent, Counted, Said, SessionEnded, SessionStarted
from device.core.types import Phase
from device.drivers.panel import Light, Panel, Sound


class CoachPanel:
    """The panel as the loop sees it: short beep for a rep, long ones for a warning, both only
    while no page can be heard; start and stop are always sounded."""

    def __init__(self, panel: Panel) -> None:
        self._panel = panel

    def heard(self, event: CoachEvent, *, by_page: bool) -> None:
        """Sound what an event of the coach calls for; `by_page`, if the page sounds it."""
        match event:
            case Counted() if not by_page:
                self._panel.sound(Sound.REP)
            case Said() if event.cue.tone is Tone.WARN and not by_page:
                self._panel.sound(Sound.FAULT)
            case SessionStarted():
                self._panel.sound(Sound.START)
            case SessionEnded():
                self._panel.sound(Sound.STOP)

    def test(self) -> None:
        """One beep."""
        self._panel.sound(Sound.START)

    def show(self, *, in_session: bool, trouble: bool, phase: Phase) -> None:
        """Let the light say how things are."""
        if trouble:
            light = Light.TROUBLE
        elif phase in (Phase.GETTING_ON, Phase.SETTLING):
            light = Light.WAIT
        else:
            light = Light.SET if in_session else Light.READY
        self._panel.show(light)

    def pressed(self) -> bool:
        """Whether the button was pressed since the last call."""
        return self._panel.pressed()

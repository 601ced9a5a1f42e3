"""`pronemat sound`: make the kiosk heard, to set its loudspeaker or look for a fault."""

from __future__ import annotations

import json
import time
from pathlib import Path

import click

from device.cli.options import config_option
from device.config import Settings, load_settings
from device.doctor.panel import OpenPins, real_pins
from device.drivers.panel import Sound, is_raspberry_pi
from device.errors import PronematError, StreamError
from device.service.lock import holder_of
from device.stream.client import StreamClient

SAID = {
    "page": "the page plays: low on the left, low on the right, a good rep, a spoken phrase",
    "panel": "no page can sound: the panel's buzzer beeps once, and counts and warns",
    "buzzer": "the daemon does not run, so no page can be asked: the buzzer beeped once",
}
BEEP_S = 0.5
"""The start's sound takes 0.4 s; the pins are given back after it."""


@click.command(epilog="Examples: pronemat sound; pronemat sound --json")
@config_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object: by whom it is heard.")
def sound(config: Path | None, as_json: bool) -> None:
    """Test the sound: the kiosk page plays its tones and a phrase, else the buzzer beeps.

    With the daemon stopped the buzzer is all there is. Exit code 1: nothing can sound.
    """
    settings = load_settings(config)
    try:
        answer = StreamClient(settings.endpoint).command({"command": "sound_test"})
    except StreamError:
        if not is_raspberry_pi() or holder_of(settings.paths.run) is not None:
            raise
        heard_by = beep(settings, real_pins)
    else:
        if not answer["ok"]:
            raise PronematError(answer["error"])
        heard_by = answer["heard_by"]
    if heard_by not in SAID:
        raise PronematError(
            "nothing can sound: no page on this machine has sound and no panel is wired; open the "
            "page and touch it once, or set up [panel] in the settings."
        )
    click.echo(json.dumps({"heard_by": heard_by}) if as_json else SAID[heard_by])


def beep(settings: Settings, open_pins: OpenPins) -> str:
    """Beep on pins that nobody has; who is heard."""
    if not settings.panel.enabled:
        return "nobody"
    with open_pins(settings.panel) as panel:
        panel.sound(Sound.START)
        time.sleep(BEEP_S)
    return "buzzer"

"""`pronemat sound`: make the kiosk heard, to set its loudspeaker or look for a fault."""

from __future__ import annotations

from pathlib import Path

import click

from device.cli.options import config_option
from device.config import load_settings
from device.errors import PronematError
from device.stream.client import StreamClient

SAID = {
    "page": "the page plays: low on the left, low on the right, a good rep, a spoken phrase",
    "panel": "no page can sound: the panel's buzzer beeps once, and counts and warns",
}


@click.command(epilog="Example: pronemat sound")
@config_option
def sound(config: Path | None) -> None:
    """Test the sound: the kiosk page plays its tones and a phrase, else the buzzer beeps."""
    answer = StreamClient(load_settings(config).endpoint).command({"command": "sound_test"})
    if not answer["ok"]:
        raise PronematError(answer["error"])
    by = answer["heard_by"]
    if by not in SAID:
        raise PronematError(
            "nothing can sound: no page on this machine has sound and no panel is wired; open the "
            "page and touch it once, or set up [panel] in the settings."
        )
    click.echo(SAID[by])

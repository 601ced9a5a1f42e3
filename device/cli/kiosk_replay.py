"""Sends a recording to the running daemon, which shows it on the page at its pace."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from typing import Any

import click
import numpy as np

from device.cli.progress import shown
from device.core.calibration import Calibration
from device.errors import RefusedError
from device.recording import Recording
from device.stream.client import StreamClient

MOST_A_MESSAGE = 250
"""Frames in one command; reading them takes the daemon a millisecond."""
LOOK_EVERY_S = 0.1
TIMEOUT_S = 3.0


def show_recording(
    client: StreamClient, recording: Recording, calibration: Calibration, speed: float | None
) -> None:
    """Show the whole recording and return when it is over; Ctrl-C ends it on the page too.

    Raises `RefusedError` where the daemon refuses, or where it was ended at the mat.
    """
    document = calibration.to_json() if calibration.calibrated else None
    ask(client, {"command": "replay", "calibration": document, "speed": speed})
    try:
        with shown("showing on the kiosk") as step:
            _send(client, recording, step)
    except KeyboardInterrupt:
        ask(client, {"command": "stop"})
        click.echo("the kiosk shows the mat again")


def ask(client: StreamClient, request: Mapping[str, Any]) -> dict[str, Any]:
    """The daemon's answer; its refusal as an error."""
    answer = client.command(request, TIMEOUT_S)
    if not answer["ok"]:
        raise RefusedError(answer["error"])
    return answer


def _send(client: StreamClient, recording: Recording, step: Callable[[float], None]) -> None:
    total = len(recording.t_s)
    sent, room = 0, MOST_A_MESSAGE
    while sent < total:
        upto = min(sent + min(room, MOST_A_MESSAGE), total)
        answer = client.command(
            {
                "command": "replay_frames",
                "frames": _rows(recording, sent, upto),
                "complete": upto == total,
            },
            TIMEOUT_S,
        )
        if not answer["ok"]:
            # It is no longer shown; below it is found out how far it came.
            break
        sent, room = upto, answer["room"]
        step(answer["played"] / total)
        if room < MOST_A_MESSAGE:
            time.sleep(LOOK_EVERY_S)
    while (status := ask(client, {"command": "status"}))["replaying"]:
        step(status["replayed"] / total)
        time.sleep(LOOK_EVERY_S)
    played = status["replayed"]
    if played < total:
        shown_s = float(recording.t_s[played] - recording.t_s[0])
        raise RefusedError(
            f"the kiosk shows the mat again, after {shown_s:.0f} s of the recording: somebody came "
            f"to the mat, or ended it; go on with --from {shown_s:.0f} when the mat is empty."
        )
    step(1.0)


def _rows(recording: Recording, first: int, last: int) -> list[list[float | None]]:
    """Frames as JSON takes them: a reading that failed is null."""
    table = np.column_stack((recording.t_s[first:last], recording.counts[first:last]))
    return [[None if value != value else value for value in row] for row in table.tolist()]

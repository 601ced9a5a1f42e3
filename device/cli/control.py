"""`pronemat start`, `stop` and `status`: what a person asks of the running daemon."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click
from rich.console import Console

from device.cli.options import config_option
from device.config import load_settings
from device.errors import PronematError
from device.stream.client import StreamClient


@click.command(epilog="Example: pronemat start")
@config_option
def start(config: Path | None) -> None:
    """Begin a session, as the panel's button does."""
    session = _ask(config, "start")["session"]
    if session is None:
        click.echo("the safety page is shown; its answer begins the session")
        return
    click.echo(f"session {session['id']}, {session['count']} reps in its set so far")


@click.command(epilog="Example: pronemat stop")
@config_option
def stop(config: Path | None) -> None:
    """End the session; the daemon goes on, and counts again after 'start' or an empty mat."""
    _ask(config, "stop")
    click.echo("no session is open")


@click.command(epilog="Example: pronemat status --json")
@config_option
@click.option("--json", "as_json", is_flag=True, help="One JSON object instead of lines.")
def status(config: Path | None, as_json: bool) -> None:
    """Say how the daemon, its chips and its disk are doing."""
    answer = _ask(config, "status")
    del answer["ok"]
    if as_json:
        click.echo(json.dumps(answer))
        return
    console = Console(highlight=False)
    mat = "SIMULATED" if answer["simulated"] else "the mat"
    calibrated = answer["calibration"] if answer["calibrated"] else "UNCALIBRATED"
    console.print(f"source      {answer['source']} ({mat}), {calibrated}")
    console.print(f"running     {answer['running_s']:.0f} s, phase {answer['phase']}")
    console.print(
        f"frames      {answer['frames_per_s']:.1f} a second, {answer['late_frames']} late, "
        f"{answer['failed_reads']} readings failed of {answer['frames']} frames"
    )
    for address, chip in answer["chips"].items():
        state = "answers" if chip["answering"] else "DOES NOT ANSWER"
        console.print(f"chip {address}   {state}, {chip['resets']} resets")
    session = answer["session"]
    if session is None:
        console.print("session     none")
    else:
        console.print(
            f"session     set {session['set']}, {session['count']} reps, {session['clean']} clean"
        )
    if answer["replaying"]:
        console.print("page        REPLAY: a recording is shown in place of the mat")
    console.print(f"unwritten   {answer['unwritten']} records")
    for problem in answer["problems"]:
        console.print(f"PROBLEM     {problem}", markup=False)


def _ask(config: Path | None, command: str) -> dict[str, Any]:
    """The daemon's answer; its refusal as an error."""
    answer = StreamClient(load_settings(config).endpoint).command({"command": command})
    if not answer["ok"]:
        raise PronematError(answer["error"])
    return answer

"""What the commands of `pronemat calibrate` and `check` share: where the mat is, which strips."""

from __future__ import annotations

import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click

from device import __version__
from device.calibrations.history import History
from device.calibrations.record import Record
from device.calibrations.visit import history_of
from device.config import Settings, load_settings
from device.core.mat import Mat
from device.errors import CalibrationError, StreamError
from device.mat_file import load_mat
from device.service.lock import holder_of
from device.store.equipment import keep_note
from device.stream.client import StreamClient


@dataclass(frozen=True)
class Where:
    """The mat that is meant. `simulated` is known once it is known who owns the frames."""

    settings: Settings
    mat: Mat
    demo: bool
    simulated: bool | None = None

    def history(self) -> History:
        """The calibrations of that mat: the simulated one's are kept apart."""
        simulated = self.simulated
        if simulated is None:
            simulated = self.demo or self._status().get("simulated") is True
        return history_of(self.settings, self.mat, simulated=simulated)

    def announce(self, record: Record) -> str:
        """Note it, and let the daemon take it over; what became of that."""
        self.note(record)
        return self.tell_daemon()

    def note(self, record: Record) -> None:
        """Into the gym's book, unless it is of a simulated mat."""
        if not record.simulated:
            words = f"{record.id} came into force, made by {record.person} for "
            words += "all strips." if len(record.taken) == len(self.mat.names) else "some strips."
            document = record.to_json() | {"words": words}
            note(self.settings, "calibration", document)

    def tell_daemon(self) -> str:
        """Let a running daemon take over what is in force now; what became of it."""
        if not self._status():
            return "a daemon that is started from now on takes it"
        client = StreamClient(self.settings.endpoint)
        try:
            answer = client.command({"command": "reload_calibration"})
        except StreamError as error:
            answer = {"ok": False, "error": str(error)}
        if answer["ok"]:
            return "the running daemon has taken it over"
        why = str(answer["error"]).rstrip(".")
        return f"the running daemon takes it when it is started again ({why})"

    def _status(self) -> dict[str, Any]:
        """The running daemon's status, empty where none runs."""
        if self.demo or holder_of(self.settings.paths.run) is None:
            return {}
        try:
            status = StreamClient(self.settings.endpoint).command({"command": "status"})
        except StreamError:
            return {}
        return status if status["ok"] else {}


def note(settings: Settings, kind: str, document: Mapping[str, Any]) -> None:
    """Into the gym's book, for the dashboard; where there is none, or it may not be written, the
    mat is calibrated all the same."""
    keep_note(settings.database, kind, document)


def where(config: Path | None, mat_path: Path | None, source: str | None) -> Where:
    """The mat that the options `--config`, `--mat` and `--source` name."""
    settings = load_settings(config, {"mat.file": mat_path})
    return Where(settings, load_mat(settings.mat.file), source == "demo")


def inner_where(
    ctx: click.Context, config: Path | None, mat_path: Path | None, source: str | None
) -> Where:
    """The same for a command of a group, whose own options win over the group's."""
    if config is None and mat_path is None and source is None and isinstance(ctx.obj, Where):
        return ctx.obj
    return where(config, mat_path, source)


def strips_of(mat: Mat, strips: tuple[str, ...], rows: tuple[str, ...]) -> tuple[str, ...]:
    """The strips that are meant, in the order of the mat; all where none is named."""
    for row in rows:
        if row not in mat.rows:
            raise CalibrationError(
                f"the mat has no row '{row}'; its rows are {', '.join(mat.rows)}."
            )
    for strip in strips:
        if strip not in mat.names:
            raise CalibrationError(
                f"the mat has no strip '{strip}'; its strips are {', '.join(mat.names)}."
            )
    if not strips and not rows:
        return mat.names
    return tuple(
        sensor.name for sensor in mat.sensors if sensor.name in strips or sensor.row in rows
    )


def conditions_of(place: Where, note: str | None, temperature: float | None) -> dict[str, str]:
    """What is kept of how a calibration was taken."""
    found = {"pronemat": __version__, "machine": platform.node()}
    if temperature is not None:
        found["temperature_c"] = f"{temperature:g}"
    if note:
        found["note"] = note
    return found

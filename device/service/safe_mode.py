"""Safe mode: which part keeps the mat from starting, and how to do without it.

Each part is tried for itself. What works is kept, for a mat read with another mat's wiring, or a
member without the sessions of last week, would be a fault of its own; what does not work is
replaced by its default, and a sentence says so.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass, replace
from pathlib import Path

from device.calibration_file import load_calibration
from device.config import Settings, load_settings
from device.core.mat import Mat
from device.drivers.panel import PanelPins, is_raspberry_pi, open_panel
from device.drivers.real_bus import RealBus
from device.errors import CalibrationError, PronematError, StoreError
from device.mat_file import load_mat
from device.store.database import open_database

NO_SETTINGS = Path(os.devnull)
"""Read as a settings file it is an empty one: all defaults."""
SPARE_DATA = "safe-mode"
"""Where sessions are kept, below the data directory, while the database itself is unusable."""
NOTHING_FOUND = (
    "Safe mode: the mat could not start three times, and no broken part was found; read why by "
    "'journalctl -u pronemat-device', then 'sudo systemctl start pronemat-device'."
)
AGAIN = "When that is done: 'sudo systemctl start pronemat-device', or switch the box off and on."


@dataclass(frozen=True, slots=True)
class Spared:
    """Settings with which the mat can start."""

    settings: Settings
    bus_works: bool
    sentences: tuple[str, ...]
    """What is left out and what to do about it, for the page."""


def spare_settings(
    file: Path | None = None, environ: Mapping[str, str] = os.environ
) -> tuple[Settings, list[str]]:
    """The settings if they can be read, else the defaults; and the database if it can be used,
    else a new one beside it. All that the pages need."""
    broken = []
    try:
        settings = load_settings(file, environ=environ)
    except PronematError as error:
        settings = load_settings(NO_SETTINGS, environ=environ)
        broken.append(f"Without its settings, all are the defaults: {error}")
    try:
        _check_database(settings.database)
    except PronematError as error:
        paths = replace(settings.paths, data=settings.paths.data / SPARE_DATA)
        # The calibration stays where it is.
        mat = replace(settings.mat, calibration=settings.calibration_path)
        settings = replace(settings, paths=paths, mat=mat)
        broken.append(f"Members and sessions so far are not in reach: {error}")
    return settings, broken


def spare(
    file: Path | None = None, *, hardware: bool = True, environ: Mapping[str, str] = os.environ
) -> Spared:
    """Try every part. Nothing else may run on the mat's bus or pins meanwhile."""
    settings, broken = spare_settings(file, environ)
    try:
        mat = load_mat(settings.mat.file)
    except PronematError as error:
        mat = load_mat()
        settings = replace(settings, mat=replace(settings.mat, file=None))
        broken.append(f"Without its own mat file, it is read as the reference mat: {error}")
    settings = _spare_calibration(settings, mat, broken)
    bus_works = True
    if hardware:
        settings = _spare_panel(settings, broken)
        try:
            RealBus(settings.bus.number, settings.bus.scl_hz).close()
        except PronematError as error:
            bus_works = False
            broken.append(f"No strip can be read: {error}")
    if not broken:
        return Spared(settings, bus_works, (NOTHING_FOUND,))
    return Spared(settings, bus_works, (*(f"Safe mode. {text}" for text in broken), AGAIN))


def _check_database(path: Path) -> None:
    open_database(path).dispose()
    try:
        with closing(sqlite3.connect(path)) as connection:
            answer = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.DatabaseError as error:
        answer = str(error)
    if answer != "ok":
        raise StoreError(
            f"the database {path} is damaged ({answer}); bring the last backup back by 'pronemat "
            "restore', or recover its sessions with 'sqlite3 FILE .recover'."
        )


def _spare_calibration(settings: Settings, mat: Mat, broken: list[str]) -> Settings:
    try:
        load_calibration(settings.calibration_path, mat)
    except CalibrationError as error:
        none = settings.paths.data / SPARE_DATA / "no-calibration.json"
        broken.append(f"Without its calibration it counts by the data sheet: {error}")
        return replace(settings, mat=replace(settings.mat, calibration=none))
    return settings


def _spare_panel(settings: Settings, broken: list[str]) -> Settings:
    panel = settings.panel
    if not panel.enabled or not is_raspberry_pi():
        return settings
    pins = PanelPins(led=panel.led_pin, buzzer=panel.buzzer_pin, button=panel.button_pin)
    try:
        open_panel(pins, mock=False, run=settings.paths.run).close()
    except PronematError as error:
        broken.append(f"Without lamp, buzzer and button: {error}")
        return replace(settings, panel=replace(panel, enabled=False))
    return settings

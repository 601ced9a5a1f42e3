"""What runs beside the daemon: the services with their last failure, the page, and the browser.

The doctor's own unit at boot sees neither the network nor other people's processes; there the
service manager's word stands for both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from http.client import HTTPException
from urllib.request import urlopen

from device.config import Settings
from device.doctor.findings import Finding, State
from device.doctor.machine import Machine

PATTERN = "pronemat*"
LIST_UNITS = ("systemctl", "list-units", PATTERN, "--all", "--plain", "--no-legend")
RESTARTS = ("systemctl", "show", PATTERN, "-p", "Id,NRestarts")
LAST_FAILURE = (
    "journalctl", "-b", "-u", PATTERN, "-q", "--no-pager", "-o", "short-iso",
    "--grep", "Failed with result", "-n", "1",
)  # fmt: skip
"""What systemd writes of each unit that ends otherwise than it should, the newest of this boot."""
WEB, KIOSK = "pronemat-web", "pronemat-kiosk"
ANSWERS_WITHIN_S = 3.0
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}  # noqa: S104 (what the setting may be)
"""Addresses that a server may listen on but nobody can ask, and where to ask instead."""

Served = Callable[[str], str | None]
"""Whether a page is served at an address: None if it is, else what is wrong."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A line of `systemctl list-units`: `active` is active, failed ...; `sub` says more."""

    name: str
    active: str
    sub: str


def served_at(address: str) -> str | None:
    """Ask for the page."""
    try:
        with urlopen(address, timeout=ANSWERS_WITHIN_S) as answer:  # noqa: S310 (our own page)
            return None if answer.status == 200 else f"status {answer.status}"
    except (OSError, HTTPException, ValueError) as error:
        reason = getattr(error, "reason", error)
        return getattr(reason, "strerror", None) or str(reason)


def unit_findings(
    settings: Settings, machine: Machine, served: Served | None = served_at
) -> Iterator[Finding]:
    """Services, page and browser; `served` None takes the service manager's word for the page."""
    answer = machine.ask(LIST_UNITS)
    rows = [line.split() for line in (answer or "").splitlines()]
    units = [Unit(row[0], row[2], row[3]) for row in rows if len(row) >= 4]
    if answer is None:
        yield Finding("services", State.UNKNOWN, "no service manager can be asked here")
    else:
        yield services(machine, units)
    yield page(settings, units, served)
    yield browser(machine, units)


def services(machine: Machine, units: Sequence[Unit]) -> Finding:
    """Those that do not run though they should, else those that had to be started again."""
    if not units:
        return Finding("services", State.UNKNOWN, "pronemat is not installed as a service")
    failed = [unit.name for unit in units if "failed" in (unit.active, unit.sub)]
    failed += [unit.name for unit in units if unit.sub == "auto-restart"]
    last = _last_failure(machine)
    if failed:
        remedy = f"read why by `journalctl -u {failed[0]} -n 50`."
        figure = f"failed: {', '.join(failed)}{f'; last: {last}' if last else ''}"
        return Finding("services", State.BAD, figure, remedy)
    active = sum(unit.active == "active" for unit in units)
    figure = f"{active} of {len(units)} active, none failed now"
    again = _restarted(machine)
    if again or last:
        told = "; ".join([*again, *([f"last: {last}"] if last else [])])
        remedy = f"well again; should it come back, `journalctl -b -u '{PATTERN}'` says why."
        return Finding("services", State.WARN, f"{figure}; {told}", remedy)
    return Finding("services", State.OK, figure)


def _restarted(machine: Machine) -> list[str]:
    """`pronemat-web.service restarted 2 times` for each that had to be."""
    told = []
    for block in (machine.ask(RESTARTS) or "").split("\n\n"):
        fields = dict(line.partition("=")[::2] for line in block.splitlines())
        if fields.get("NRestarts", "0") not in ("", "0"):
            told.append(f"{fields.get('Id', '?')} restarted {fields['NRestarts']} times")
    return told


def _last_failure(machine: Machine) -> str | None:
    """When and which: `2026-05-02T10:00:01 pronemat-web.service: Failed with result 'watchdog'`."""
    told = machine.ask(LAST_FAILURE)
    if not told:
        return None
    at, _, rest = told.splitlines()[-1].partition(" ")
    return f"{at[:19]} {rest.partition(']: ')[2].rstrip('.')}"


def page(settings: Settings, units: Sequence[Unit], served: Served | None) -> Finding:
    """Whether the pages are served. Where no service is installed, it is nobody's fault if not."""
    unit = _named(units, WEB)
    remedy = f"start its service anew: `sudo systemctl restart {WEB}`."
    if served is None:
        if unit is None:
            return Finding("page", State.UNKNOWN, "nobody serves it as a service")
        figure = f"its service is {unit.active}"
        if unit.active == "active":
            return Finding("page", State.OK, figure)
        return Finding("page", State.BAD, figure, remedy)
    host = EVERYWHERE.get(settings.web.host, settings.web.host)
    address = f"http://{host}:{settings.web.port}/"
    wrong = served(address)
    if wrong is None:
        return Finding("page", State.OK, f"served at {address}")
    if unit is None:
        return Finding("page", State.UNKNOWN, f"none is served at {address}")
    return Finding("page", State.BAD, f"{address} does not answer ({wrong})", remedy)


def browser(machine: Machine, units: Sequence[Unit]) -> Finding:
    """Whether Chromium lives; without a kiosk's unit it may well be on another machine."""
    kiosk = _named(units, KIOSK)
    comms = list((machine.root / "proc").glob("[0-9]*/comm"))
    names = {machine.read(str(path.relative_to(machine.root))) or "" for path in comms}
    if any(name.startswith("chrom") for name in names):
        return Finding("browser", State.OK, "Chromium runs")
    if kiosk is None:
        return Finding("browser", State.UNKNOWN, "none runs here; the page may be open elsewhere")
    hidden = not (machine.root / "proc/1/comm").exists()
    if kiosk.active == "activating" or (hidden and kiosk.active == "active"):
        state = State.OK if hidden and kiosk.active == "active" else State.UNKNOWN
        return Finding("browser", state, f"the kiosk's service is {kiosk.active}")
    remedy = f"start it anew: `sudo systemctl restart {KIOSK}`."
    figure = f"none runs; the kiosk's service is {kiosk.active}"
    return Finding("browser", State.BAD, figure, remedy)


def _named(units: Sequence[Unit], name: str) -> Unit | None:
    return next((unit for unit in units if unit.name == f"{name}.service"), None)

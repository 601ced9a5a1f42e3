"""The units as `systemd/install` lays them out, in a directory of a test's own."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

SYSTEMD = Path(__file__).parents[2] / "systemd"
UNITS = SYSTEMD / "units"
ETC = Path("etc/systemd/system")


def sandboxed() -> list[str]:
    """The units that get the sandbox, as the installer has them."""
    text = (SYSTEMD / "lib.sh").read_text(encoding="utf-8")
    match = re.search(r"^readonly SANDBOXED=\((.*)\)$", text, re.M)
    assert match is not None
    return [f"pronemat-{name}.service" for name in match[1].split()]


def stage(root: Path, source: str, systemd_version: int) -> list[Path]:
    """Lay the units out below `root`, reading the mat ("mat") or the demonstration ("demo"), with
    empty files where their programs are; returns the unit files."""
    folder = root / ETC
    folder.mkdir(parents=True)
    staged = [Path(shutil.copy(unit, folder)) for unit in sorted(UNITS.glob("pronemat*"))]

    def drop_in(unit: str, name: str, number: int) -> None:
        place = folder / f"{unit}.d"
        place.mkdir(exist_ok=True)
        shutil.copy(UNITS / f"{name}.conf", place / f"{number}-{name}.conf")

    for unit in sandboxed():
        drop_in(unit, "sandbox", 10)
    for unit in ("pronemat-device.service", "pronemat-safe.service"):
        drop_in(unit, source, 20)
    if systemd_version >= 254:
        for unit in ("pronemat-device.service", "pronemat-web.service"):
            drop_in(unit, "restart", 30)
    programs = ["/bin/sh"]
    for unit_file in staged:
        programs += re.findall(r"^Exec\w+=\+?(\S+)", unit_file.read_text(encoding="utf-8"), re.M)
    for program in programs:
        path = root / program.lstrip("/")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch(mode=0o755)
    return staged

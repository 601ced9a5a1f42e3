"""The findings beside the daemon's sockets, from which the kiosk says "needs the maintainer"."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

from device.doctor.findings import CHECKS, Finding
from device.errors import StoreError
from device.service.boot_findings import NAME


def sentence(finding: Finding) -> str:
    """The finding as a sentence of its own: `Strips knee_left: open: 2 counts.`"""
    if finding.subject and finding.subject in finding.figure:
        return f"{finding.figure[0].upper()}{finding.figure[1:]}."
    title = CHECKS[finding.key]
    what = f"{title[0].upper()}{title[1:]} {finding.subject}".rstrip()
    return f"{what}: {finding.figure}."


def write_findings(run: Path, findings: Iterable[Finding]) -> Path:
    """Replace `<run>/findings.json` as a whole; `StoreError` if the disk refuses."""
    rows = [
        {
            "check": finding.key,
            "state": finding.state.value,
            "sentence": sentence(finding),
            "remedy": finding.remedy[:1].upper() + finding.remedy[1:],
        }
        for finding in findings
    ]
    path = run / NAME
    fresh = path.with_name(f"{NAME}.{os.getpid()}.new")
    try:
        run.mkdir(mode=0o750, parents=True, exist_ok=True)
        fresh.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
        fresh.replace(path)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise StoreError(
            f"the findings cannot be written to {path}: {error.strerror}; run it as the daemon's "
            "user, or make room."
        ) from None
    return path

"""The report to send along with a question: findings, settings, log and frames in one archive."""

from __future__ import annotations

import io
import json
import tarfile
import tempfile
import time
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from device.config import Settings
from device.core.mat import Mat
from device.doctor.examine import Examination
from device.doctor.findings import worst
from device.doctor.machine import Machine
from device.errors import StoreError
from device.recording import RecordingWriter

LOG_COMMAND = ["journalctl", "-u", "pronemat*", "-n", "2000", "--no-pager", "-o", "short-iso"]
NO_LOG = "No log of the services can be read here; run as root, or add the user to group adm.\n"
SECRET_WORDS = ("secret", "password", "token", "key")


def findings_json(examination: Examination) -> dict[str, Any]:
    """The findings as plain objects, with the verdict."""
    rows = [
        {name: value for name, value in asdict(finding).items() if name != "strain"}
        for finding in examination.findings
    ]
    return {"verdict": worst(examination.findings).value, "findings": rows}


def write_report(
    path: Path, examination: Examination, settings: Settings, mat: Mat, machine: Machine
) -> None:
    """Write the archive whole or not at all; `StoreError` if the disk refuses."""
    shown = {
        name: {"value": None if value is None else str(value), "from": origin}
        for name, value, origin, _ in settings.rows()
        if not any(word in name for word in SECRET_WORDS)
    }
    parts = {
        "doctor.json": _pretty(findings_json(examination)),
        "settings.json": _pretty(shown),
        "log.txt": (machine.ask(LOG_COMMAND) or NO_LOG).encode(),
    }
    evidence = examination.evidence
    if evidence is not None and evidence.daemon is not None:
        parts["status.json"] = _pretty(dict(evidence.daemon))
    fresh = path.with_name(path.name + ".new")
    try:
        if evidence is not None and evidence.frames:
            parts["frames.csv.gz"] = _recording(examination, mat)
        with tarfile.open(fresh, "w:gz") as archive:
            for name, content in parts.items():
                entry = tarfile.TarInfo(f"pronemat-report/{name}")
                entry.size, entry.mtime = len(content), int(time.time())
                archive.addfile(entry, io.BytesIO(content))
        fresh.replace(path)
    except OSError as error:
        fresh.unlink(missing_ok=True)
        raise StoreError(
            f"the report {path} cannot be written: {error.strerror}; give it another place."
        ) from None


def _recording(examination: Examination, mat: Mat) -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "frames.csv.gz"
        with closing(RecordingWriter(file, mat)) as writer:
            for frame in examination.evidence.frames if examination.evidence else ():
                writer.write(frame)
        return file.read_bytes()


def _pretty(content: Any) -> bytes:
    return (json.dumps(content, indent=1) + "\n").encode()

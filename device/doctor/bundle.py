"""The report to send along with a question: findings, settings, log and frames in one archive."""

from __future__ import annotations

import base64
import io
import json
import tarfile
import tempfile
import time
from contextlib import closing, suppress
from dataclasses import asdict
from pathlib import Path
from typing import Any

from device.config import Settings
from device.core.mat import Mat
from device.doctor.evidence import Evidence
from device.doctor.examine import Examination
from device.doctor.findings import worst
from device.doctor.machine import Machine
from device.errors import StoreError, StreamError
from device.recording import RecordingWriter
from device.service.raw_ring import LEFT_NAME
from device.stream.client import StreamClient

LOG_COMMAND = ["journalctl", "-u", "pronemat*", "-n", "2000", "--no-pager", "-o", "short-iso"]
NO_LOG = "No log of the services can be read here; run as root, or add the user to group adm.\n"
FRAMES_WITHIN_S = 10.0
"""The daemon packs 6000 frames beside its work."""
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
    left, left_s = _left_behind(settings)
    if left is not None:
        parts["before/frames.csv.gz"] = left
    fresh = path.with_name(path.name + ".new")
    try:
        if evidence is not None and evidence.frames:
            parts["frames.csv.gz"] = _last_minute(settings, evidence) or _recording(evidence, mat)
        with tarfile.open(fresh, "w:gz") as archive:
            for name, content in parts.items():
                entry = tarfile.TarInfo(f"pronemat-report/{name}")
                entry.size = len(content)
                entry.mtime = int(left_s if content is left else time.time())
                archive.addfile(entry, io.BytesIO(content))
        fresh.replace(path)
    except OSError as error:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise StoreError(
            f"the report {path} cannot be written: {error.strerror}; give it another place."
        ) from None


def _last_minute(settings: Settings, evidence: Evidence) -> bytes | None:
    """The recording of the last minute that the daemon has in memory: what was, when it went
    wrong. None without a daemon that keeps one."""
    if evidence.daemon is None:
        return None
    try:
        answer = StreamClient(settings.endpoint).command({"command": "frames"}, FRAMES_WITHIN_S)
        return base64.b64decode(answer["frames"], validate=True) or None
    except (StreamError, KeyError, TypeError, ValueError):
        return None


def _left_behind(settings: Settings) -> tuple[bytes | None, float]:
    """The last minute of the daemon before this one, or of the one that has ended, and when that
    was (seconds since 1970)."""
    file = settings.paths.run / LEFT_NAME
    try:
        return file.read_bytes(), file.stat().st_mtime
    except OSError:
        return None, 0.0


def _recording(evidence: Evidence, mat: Mat) -> bytes:
    """The frames that were looked at."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "frames.csv.gz"
        with closing(RecordingWriter(file, mat)) as writer:
            for frame in evidence.frames:
                writer.write(frame)
        return file.read_bytes()


def _pretty(content: Any) -> bytes:
    return (json.dumps(content, indent=1) + "\n").encode()

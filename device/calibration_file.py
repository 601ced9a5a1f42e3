"""The calibration on the disk: replaced as a whole or not at all, the one before kept beside it."""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from device.core.calibration import Calibration, calibration_from_json
from device.core.mat import Mat
from device.errors import CalibrationError

FORMAT = 1
PREVIOUS_SUFFIX = ".previous"


def previous_path(path: Path) -> Path:
    """Where the calibration before the one at `path` is kept."""
    return path.with_name(path.name + PREVIOUS_SUFFIX)


def load_calibration(path: Path, mat: Mat) -> Calibration | None:
    """The calibration of `path`; None if there is no such file.

    Raises `CalibrationError`, naming the one before as the remedy, for a file that is damaged or
    belongs to another mat.
    """
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(data, dict) or data.get("format") != FORMAT:
            raise CalibrationError("it is not a calibration that this pronemat wrote.")
        return calibration_from_json(mat, data.get("calibration"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CalibrationError(
            f"the calibration {path} cannot be read: {error.strerror}; correct its permissions."
        ) from None
    except ValueError:
        what = "it is not JSON."
    except CalibrationError as error:
        what = str(error)
    before = previous_path(path)
    remedy = f"copy {before} over it, or calibrate" if before.exists() else "calibrate"
    raise CalibrationError(
        f"the calibration {path} cannot be used ({what.rstrip('.')}); {remedy} anew with "
        "'pronemat calibrate --from POINTS.csv'."
    )


def save_calibration(path: Path, calibration: Calibration) -> None:
    """Write the calibration so that after a power cut either it or the one before is there whole.

    The one before is kept beside it, unless it is damaged or the same. Raises `CalibrationError` if
    the disk refuses; then the calibration in force is still the one before.
    """
    text = json.dumps({"format": FORMAT, "calibration": calibration.to_json()}, indent=1) + "\n"
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        before = path.read_text(encoding="utf-8", errors="replace") if path.exists() else ""
        if before != text and _is_whole(before):
            _replace(previous_path(path), before)
        _replace(path, text)
    except OSError as error:
        raise CalibrationError(
            f"the calibration {path} cannot be written: {error.strerror}; the one before is still "
            "in force."
        ) from None


def calibration_digest(calibration: Calibration) -> str:
    """The SHA-256 of what the calibration holds, by which sessions name it."""
    document: dict[str, Any] = calibration.to_json()
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


def _is_whole(text: str) -> bool:
    try:
        data = json.loads(text)
    except ValueError:
        return False
    return isinstance(data, dict) and data.get("format") == FORMAT


def _replace(path: Path, text: str) -> None:
    """Let `path` hold `text`, or on `OSError` what it held before."""
    fresh = path.with_name(path.name + ".new")
    try:
        with fresh.open("w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        fresh.replace(path)
    except OSError:
        with suppress(OSError):
            fresh.unlink(missing_ok=True)
        raise
    # The new name is on the disk only when its directory is.
    directory = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)

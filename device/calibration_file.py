"""The calibration in force, on the disk: replaced as a whole or not at all.

What else is known of a calibration, and all that were in force before, is `device.calibrations`'
business; here is what the daemon and the doctor need.
"""

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

FORMAT = 2
FORMATS = (1, FORMAT)
"""Format 1 had the curves alone; 2 says who took them when, and keeps the readings behind them."""
FRESH_SUFFIX = ".new"


def load_calibration(path: Path, mat: Mat, *, simulated: bool = False) -> Calibration | None:
    """The calibration of `path`; None if there is no such file.

    Raises `CalibrationError`, naming the way back, for a file that is damaged, belongs to another
    mat, or was taken with simulated weights where the mat is a real one.
    """
    try:
        document = read_document(path)
        if document is None:
            return None
        if document.get("simulated") is True and not simulated:
            raise CalibrationError("it was taken with simulated weights on a simulated mat.")
        return calibration_from_json(mat, document.get("calibration"))
    except CalibrationError as error:
        what = str(error).rstrip(".")
    raise CalibrationError(
        f"the calibration {path} cannot be used ({what}); go back to the one before by 'pronemat "
        "calibrate rollback', or calibrate anew."
    )


def read_document(path: Path) -> dict[str, Any] | None:
    """All that the file says, None if there is no such file; `CalibrationError` if it is none of
    pronemat's."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CalibrationError(f"it cannot be read: {error.strerror}.") from None
    except (ValueError, RecursionError):
        raise CalibrationError("it is not JSON.") from None
    if not isinstance(document, dict) or document.get("format") not in FORMATS:
        raise CalibrationError("it is not a calibration that this pronemat wrote.")
    return document


def calibration_digest(calibration: Calibration) -> str:
    """The SHA-256 of what the calibration holds, by which sessions name it."""
    document: dict[str, Any] = calibration.to_json()
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()


def write_whole(path: Path, document: dict[str, Any], what: str) -> None:
    """Let `path` hold the document: after a power cut it, or what was there before, is there whole.

    Raises `CalibrationError`, which begins with `what`, if the disk refuses; nothing is lost then.
    """
    text = json.dumps(document, indent=1, ensure_ascii=False) + "\n"
    try:
        path.parent.mkdir(mode=0o755, parents=True, exist_ok=True)
        _replace(path, text)
    except OSError as error:
        raise CalibrationError(
            f"{what} cannot be written to {path}: {error.strerror}; nothing was changed. See to "
            "the disk, or run the command as the owner of that directory."
        ) from None


def _replace(path: Path, text: str) -> None:
    fresh = path.with_name(path.name + FRESH_SUFFIX)
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

"""The last tare, on the disk: what the empty mat read, for a daemon that starts later.

It belongs to the calibration by which it was taken: under any other it says nothing, and is left
out. By which guards it was taken is `device.core.tare`'s business.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping, Sequence
from math import isfinite
from pathlib import Path
from typing import Any

import numpy as np

from device.calibration_file import calibration_digest, write_whole
from device.config import Settings
from device.core.calibration import Calibration
from device.core.types import FloatArray

FORMAT = 1
NAME = "tare.json"

_log = logging.getLogger(__name__)


def tare_path(settings: Settings, *, simulated: bool) -> Path:
    """Where it is kept: the simulated mat's apart from the mat's own."""
    if simulated:
        return settings.simulated_calibration_path.with_name(NAME)
    return settings.calibrations_folder / NAME


def tare_document(calibration: Calibration, zero_n: Sequence[float]) -> dict[str, Any]:
    """What is kept of a tare: `zero_n` in newtons by that calibration, strip by strip."""
    return {
        "format": FORMAT,
        "calibration": calibration_digest(calibration),
        "zero_n": {
            strip: round(force_n, 4)
            for strip, force_n in zip(calibration.mat.names, zero_n, strict=True)
        },
    }


def keep_tare(path: Path, document: Mapping[str, Any]) -> None:
    """Replace the tare as a whole; `CalibrationError` if the disk refuses, and then the one before
    is there still."""
    kept = {key: document[key] for key in ("format", "calibration", "zero_n")}
    write_whole(path, kept, "the tare")


def load_tare(path: Path, calibration: Calibration) -> FloatArray | None:
    """The zero of every strip; None without a tare of this calibration, or with a damaged one,
    which the log tells: it is not worth refusing to start, for the next tare replaces it."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        if document["calibration"] != calibration_digest(calibration):
            return None
        zero_n = [float(document["zero_n"][strip]) for strip in calibration.mat.names]
    except FileNotFoundError:
        return None
    except OSError as error:
        _log.warning("the tare %s cannot be read: %s; tare again.", path, error.strerror)
        return None
    except (KeyError, TypeError, ValueError, RecursionError):
        zero_n = []
    if not zero_n or not all(map(isfinite, zero_n)):
        _log.warning("the tare %s was changed into nonsense and is left out; tare again.", path)
        return None
    return np.array(zero_n)

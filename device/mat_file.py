"""Reads the mat's description from its file: the one given, or the one that ships."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from device.core.mat import Mat
from device.core.mat_reader import parse_mat
from device.errors import MatError


def load_mat(path: Path | None = None) -> Mat:
    """The mat of `path`, or of the reference `hardware/mat.toml` in the package."""
    if path is None:
        shipped = resources.files("hardware").joinpath("mat.toml")
        return parse_mat(shipped.read_text(encoding="utf-8"), "hardware/mat.toml")
    try:
        return parse_mat(path.read_text(encoding="utf-8"), str(path))
    except OSError as error:
        raise MatError(
            f"{path} cannot be read: {error.strerror}; check the name of the mat file."
        ) from None
    except UnicodeDecodeError:
        raise MatError(f"{path} is no UTF-8 text, so it is not a mat file.") from None

"""Reads the judge's fitted model from its file: the one given, or the one that ships."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

from device.core.pelvis_model import Model, model_json, parse_model
from device.errors import ModelError

SHIPPED = "pelvis.json"


def load_model(path: Path | None = None) -> Model:
    """The model of `path`, or of `device/core/model/pelvis.json` in the package."""
    if path is None:
        shipped = resources.files("device").joinpath("core", "model", SHIPPED)
        return parse_model(shipped.read_text(encoding="utf-8"), f"core/model/{SHIPPED}")
    try:
        return parse_model(path.read_text(encoding="utf-8"), str(path))
    except OSError as error:
        raise ModelError(
            f"{path} cannot be read: {error.strerror}; check the name of the model file."
        ) from None
    except UnicodeDecodeError:
        raise ModelError(f"{path} is no UTF-8 text, so it is not a model file.") from None


def save_model(model: Model, path: Path) -> None:
    """Write the model; an older one stays whole until the new one is."""
    beside = path.with_name(path.name + ".new")
    try:
        beside.write_text(model_json(model), encoding="utf-8")
        beside.replace(path)
    except OSError as error:
        raise ModelError(f"{path} cannot be written: {error.strerror}.") from None

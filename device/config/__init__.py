"""The settings: their table, the file they are read from, and how one of them is changed."""

from device.config.loading import SYSTEM_FILE, load_settings, settings_path
from device.config.settings import (
    DEFAULT,
    BusSettings,
    PanelSettings,
    PathSettings,
    Row,
    SessionSettings,
    Settings,
    setting_rows,
)

__all__ = [
    "DEFAULT",
    "SYSTEM_FILE",
    "BusSettings",
    "PanelSettings",
    "PathSettings",
    "Row",
    "SessionSettings",
    "Settings",
    "load_settings",
    "setting_rows",
    "settings_path",
]

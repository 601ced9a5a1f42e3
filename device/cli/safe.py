"""`pronemat safe`: come up in spite of what is broken, and say on the page what that is."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from functools import partial
from pathlib import Path

import click

from device.cli.options import FILE, config_option
from device.config import Settings
from device.core.mat import Mat
from device.daemon import Feed, demo_feed, mat_feed, no_mat_feed, run_daemon
from device.service.safe_mode import spare, spare_settings

_log = logging.getLogger(__name__)


@click.command(epilog="Example: pronemat safe --source demo")
@config_option
@click.option(
    "--source",
    type=click.Choice(["mat", "demo"]),
    default="mat",
    show_default=True,
    help="Where frames come from, as for the daemon.",
)
@click.option(
    "--settings-only",
    type=FILE,
    help="Run nothing: write settings with which the pages can be served to this file.",
)
def safe(config: Path | None, source: str, settings_only: Path | None) -> None:
    """Find out what keeps the daemon from starting, and run it without that.

    The service manager calls this after three failed starts. Whatever works is kept: settings, mat
    file, calibration, database, panel, bus. Of what does not, the page says the remedy.
    """
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    if settings_only is not None:
        settings, broken = spare_settings(config)
        _tell(broken)
        settings_only.write_text(_toml(settings), encoding="utf-8")
        return
    spared = spare(config, hardware=source == "mat")
    _tell(spared.sentences)
    feeds: dict[str, Callable[[Settings, Mat], Feed]] = {
        "mat": mat_feed,
        "no mat": no_mat_feed,
        "demo": partial(demo_feed, seed=0, speed=1.0),
    }
    feed = feeds[source if spared.bus_works else "no mat"]
    run_daemon(spared.settings, feed, spared.sentences)


def _tell(sentences: list[str] | tuple[str, ...]) -> None:
    for sentence in sentences:
        _log.warning("%s", sentence)


def _toml(settings: Settings) -> str:
    """The settings as a file of settings."""
    lines = []
    for name, value, _, _ in settings.rows():
        if value is not None:
            text = str(value) if isinstance(value, Path) else value
            # JSON's texts, numbers and truths are TOML's too.
            lines.append(f"{name} = {json.dumps(text)}")
    return "\n".join(lines) + "\n"

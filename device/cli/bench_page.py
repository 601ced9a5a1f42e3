"""`pronemat bench page`: how soon the page shows an event and a pressed strip, in Chromium."""

from __future__ import annotations

import subprocess
import sys

import click


@click.command(epilog="Example: pronemat bench page --json")
@click.option("--viewers", default=10, show_default=True, help="Pages connected in all.")
@click.option("--drawing", default=1, show_default=True, help="How many of them draw.")
@click.option("--events", default=200, show_default=True, help="Events to measure.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def page(viewers: int, drawing: int, events: int, as_json: bool) -> None:
    """Time from the daemon's event, and from a pressed strip, to the changed page, and what drawing
    costs the page's process.

    Runs the demonstration and Debian's Chromium (test extra) for about half a minute; on a machine
    that does other work (see the load it prints) all figures are worse.
    """
    command = ["-m", "web.bench", f"--viewers={viewers}", f"--drawing={drawing}"]
    command.append(f"--events={events}")
    if as_json:
        command.append("--json")
    # The pages are another program: this one never imports them.
    sys.exit(subprocess.run([sys.executable, *command], check=False).returncode)  # noqa: S603

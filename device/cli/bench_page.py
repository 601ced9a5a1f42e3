"""`pronemat bench page`: how soon the page shows an event and a pressed strip, in Chromium."""

from __future__ import annotations

import subprocess
import sys

import click


@click.command(epilog="Examples: pronemat bench page --json; pronemat bench page --minutes 60")
@click.option("--viewers", default=10, show_default=True, help="Pages connected in all.")
@click.option("--drawing", default=1, show_default=True, help="How many of them draw.")
@click.option("--events", default=200, show_default=True, help="Events to measure.")
@click.option("--minutes", type=click.IntRange(min=1), help="Watch what grows for so long instead.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def page(viewers: int, drawing: int, events: int, minutes: int | None, as_json: bool) -> None:
    """Time from the daemon's event, and from a pressed strip, to the changed page, and what drawing
    costs the page's process.

    Runs the demonstration and Debian's Chromium (test extra) for about half a minute; on a machine
    that does other work (see the load it prints) all figures are worse. With --minutes it tells
    every minute what one page, the server and the daemon hold in memory while visit follows visit.
    """
    if minutes is None:
        command = ["web.bench", f"--viewers={viewers}", f"--drawing={drawing}"]
        command.append(f"--events={events}")
    else:
        command = ["web.growth", f"--minutes={minutes}"]
    if as_json:
        command.append("--json")
    # The pages are another program: this one never imports them.
    sys.exit(subprocess.run([sys.executable, "-m", *command], check=False).returncode)  # noqa: S603

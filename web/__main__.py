"""`python -m web`: serve the pages of the daemon that runs, or will run, on this machine."""

from __future__ import annotations

import gc
import logging
import sys
from pathlib import Path

import click

from device.config import load_settings
from device.errors import PronematError
from device.store.people import People
from device.store.progress import Progress
from device.stream.client import StreamClient
from web.app import create_app
from web.hub import Hub
from web.server import open_server, serve
from web.trainer import mount
from web.visitors import CodeLock, Visitors
from web.words import load_words


@click.command(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", type=click.Path(path_type=Path), help="Settings file.")
@click.option("--run", type=click.Path(path_type=Path), help="Directory of the daemon's sockets.")
@click.option("--data", type=click.Path(path_type=Path), help="Directory of sessions.")
@click.option("--host", help="Address to serve on; 127.0.0.1 is this machine only.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port to serve on.")
def main(
    config: Path | None, run: Path | None, data: Path | None, host: str | None, port: int | None
) -> None:
    """Serve the kiosk page. It finds the daemon by itself, now or later.

    Example: python -m web --port 8460
    """
    settings = load_settings(
        config, {"paths.run": run, "paths.data": data, "web.host": host, "web.port": port}
    )
    logging.basicConfig(
        level=logging.INFO, stream=sys.stderr, format="pronemat web: %(levelname)s %(message)s"
    )
    logging.getLogger("alembic").setLevel(logging.WARNING)
    hub = Hub(StreamClient(settings.endpoint))
    language, database = settings.web.language, settings.database
    visitors = Visitors(
        hub,
        load_words(language),
        People(database),
        Progress(database),
        Progress(database, simulated=True),
        CodeLock(),
    )
    app = create_app(hub, language, visitors)
    server = open_server(app, settings.web.host, settings.web.port)
    # A second one on this port has ended by now: it makes no database, and says no code.
    mount(app, hub, database)
    logging.getLogger(__name__).info(
        "the page is at http://%s:%d", settings.web.host, settings.web.port
    )
    # What is loaded by now stays: neither a collection nor the interpreter's end looks through it.
    gc.collect()
    gc.freeze()
    serve(server, hub)


if __name__ == "__main__":
    try:
        main(prog_name="python -m web")
    except PronematError as error:
        click.echo(f"pronemat: {error}", err=True)
        sys.exit(error.exit_code)

"""`python -m web.bench`: how soon the page shows what happens, measured in Chromium on the demo.

`pronemat bench page` runs it.
"""

from __future__ import annotations

import json
import os
import socket
import statistics
import sys
import threading
import time
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import click

from device.errors import PronematError
from web.demo_stage import Browser, Page, Stage, open_browser, open_stage
from web.usage import cpu_s, renderers

SIZE = {"width": 800, "height": 480}
READY_WITHIN_MS = 60_000
COMMAND_EVERY_S = 0.04
WARM_UP_EVENTS = 30
"""Not measured: what a session shows is loaded and compiled when it is first shown."""
FRAMES_FOR_S = 8.0
PRESS_EVERY_S = 0.001
SCAN_S = 0.01
"""One pass over all strips at 100 frames a second: a frame shows what pressed before it began."""
RECORD = """() => {
  window.drawn = { sequence: [], frame: [] };
  new MutationObserver((changes) => {
    const now = performance.timeOrigin + performance.now();
    for (const { attributeName } of changes) {
      const key = attributeName.slice("data-".length);
      window.drawn[key].push([Number(document.body.dataset[key]), now]);
    }
  }).observe(document.body, { attributeFilter: ["data-sequence", "data-frame"] });
}"""
"""Notes when which event, and which frame (by the daemon's clock), was drawn."""


@contextmanager
def viewers(address: str, number: int) -> Iterator[None]:
    """So many other readers of the stream, which draw nothing."""
    place = urlsplit(address)
    with ExitStack() as stack:
        for _ in range(number):
            reader = stack.enter_context(
                socket.create_connection((place.hostname or "", place.port or 80))
            )
            reader.sendall(f"GET /stream HTTP/1.1\r\nHost: {place.netloc}\r\n\r\n".encode())
            reading = threading.Thread(target=_read_all, args=(reader,))
            reading.start()
            stack.callback(reading.join)
            stack.callback(_hang_up, reader)
        yield


def _read_all(reader: socket.socket) -> None:
    # A server that goes first resets the connection.
    with suppress(ConnectionError):
        while reader.recv(65_536):
            pass


def _hang_up(reader: socket.socket) -> None:
    """Wakes whoever reads, which closing alone would not."""
    with suppress(OSError):
        reader.shutdown(socket.SHUT_RDWR)


def event_delays_ms(stage: Stage, page: Page, events: int) -> list[float]:
    """From the daemon's event (its UTC, cut to the millisecond) to the changed page."""
    _make_events(stage, WARM_UP_EVENTS)
    told = _make_events(stage, events)
    page.wait_for_timeout(500)
    drawn = {int(sequence): at_ms for sequence, at_ms in page.evaluate("drawn.sequence")}
    sent = {one["sequence"]: datetime.fromisoformat(one["utc"]).timestamp() * 1000 for one in told}
    return sorted(drawn[number] - sent[number] for number in drawn if number in sent)


def _make_events(stage: Stage, number: int) -> list[dict[str, Any]]:
    """So many events or a few more, as the daemon tells them: sessions that begin and end."""
    first = int(stage.ask({"command": "snapshot"})["sequence"])
    run = stage.ask({"command": "status"})["run"]
    told: list[dict[str, Any]] = []
    while len(told) < number:
        for command in ("start", "stop"):
            stage.ask({"command": command})
            time.sleep(COMMAND_EVERY_S)
        told = stage.ask({"command": "events_since", "run": run, "sequence": first})["events"]
    return told


def press_delays_ms(page: Page) -> list[float]:
    """From a press at any moment to the first drawn frame that was begun after it."""
    page.evaluate("drawn.frame.length = 0")
    page.wait_for_timeout(FRAMES_FOR_S * 1000)
    offset_s = time.time() - time.monotonic()
    frames = page.evaluate("drawn.frame")
    began_s = [frame_s - SCAN_S + offset_s for frame_s, _ in frames]
    drawn_s = [at_ms / 1000 for _, at_ms in frames]
    presses = int((began_s[-1] - began_s[0]) / PRESS_EVERY_S)
    delays = []
    for number in range(presses):
        press_s = began_s[0] + number * PRESS_EVERY_S
        delays.append((drawn_s[bisect_left(began_s, press_s)] - press_s) * 1000)
    return sorted(delays)


def drawing_cost(browser: Browser, page: Page) -> tuple[float, float]:
    """Frames drawn each second, and the share of one core (%) that the pages' own processes use in
    all."""
    pages = renderers(browser)
    page.evaluate("drawn.frame.length = 0")
    used_s, began_s = cpu_s(*pages), time.monotonic()
    page.wait_for_timeout(FRAMES_FOR_S * 1000)
    seconds = time.monotonic() - began_s
    used_s = cpu_s(*pages) - used_s
    return page.evaluate("drawn.frame.length") / seconds, 100.0 * used_s / seconds


@click.command()
@click.option("--viewers", "others", default=10, show_default=True, help="Pages connected in all.")
@click.option("--drawing", default=1, show_default=True, help="How many of them draw.")
@click.option("--events", default=200, show_default=True, help="Events to measure.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def main(others: int, drawing: int, events: int, as_json: bool) -> None:
    """Measure how soon the page shows an event, and a pressed strip, and what drawing costs."""
    drawing = min(max(drawing, 1), others)
    with (
        open_stage() as stage,
        open_browser() as browser,
        viewers(stage.address, others - drawing),
    ):
        for _ in range(drawing):
            page = browser.new_page(viewport={"width": SIZE["width"], "height": SIZE["height"]})
            page.goto(stage.address)
        page.locator("body[data-phase=ready]").wait_for(timeout=READY_WITHIN_MS)
        page.evaluate(RECORD)
        presses = press_delays_ms(page)
        frames_per_s, cpu_pct = drawing_cost(browser, page)
        delays = event_delays_ms(stage, page, events)
    figures = {
        "viewers": others,
        "drawing": drawing,
        "events": len(delays),
        "event_to_page_ms_median": round(statistics.median(delays), 1),
        "event_to_page_ms_p99": round(delays[int(len(delays) * 0.99)], 1),
        "strip_to_page_ms_median": round(statistics.median(presses), 1),
        "drawn_frames_per_s": round(frames_per_s, 1),
        "page_cpu_pct_of_a_core": round(cpu_pct / drawing, 1),
        "load_1_min": round(os.getloadavg()[0], 1),
    }
    if as_json:
        click.echo(json.dumps(figures))
        return
    for name, value in figures.items():
        click.echo(f"{name:26} {value}")


if __name__ == "__main__":
    try:
        main()
    except PronematError as error:
        click.echo(f"pronemat: {error}", err=True)
        sys.exit(error.exit_code)

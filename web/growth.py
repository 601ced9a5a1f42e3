"""`python -m web.growth`: whether anything grows while the demonstration trains before one page.

Every minute the page's heap, nodes and listeners after a forced collection, and the memory of all
processes. `pronemat bench page --minutes 60` runs it.
"""

from __future__ import annotations

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Mapping, Sequence

import click

from device.errors import PronematError
from web.demo_stage import Browser, Page, Stage, open_browser, open_stage
from web.usage import KB, cpu_s, open_files, renderers, rss_kb

SIZE = {"width": 800, "height": 480}
SAMPLE_EVERY_S = 60.0
SETTLED_AFTER = 10
"""Minutes: compiled code, decoded sounds and the server's threads come with the first visits; what
is asked is whether it goes on."""
ENDS = 5
"""Samples at each end whose median is compared: where in a visit a minute ends is chance."""
TELLING_MINUTES = SETTLED_AFTER + 2 * ENDS
PAGE_COUNTS = {
    "js_heap_kb": ("JSHeapUsedSize", KB),
    "nodes": ("Nodes", 1),
    "listeners": ("JSEventListeners", 1),
}
"""Of Chromium's `Performance.getMetrics`: what it is called there, and its unit here."""
PROCESSES = ("page", "daemon", "web")
GROWING = (
    *PAGE_COUNTS,
    *(f"{name}_rss_kb" for name in PROCESSES),
    *(f"{name}_files" for name in PROCESSES),
)
LEVEL_PCT = 5.0
"""Two medians of what stands still differ by up to 4 % over an hour: a visit has more or fewer
marks on the page, and one listener more in 25 while a sound is played."""
WATCH = """() => {
  window.watched = { frames: 0, summaries: 0 };
  new MutationObserver((changes) => {
    for (const { attributeName, oldValue } of changes) {
      const { view } = document.body.dataset;
      if (attributeName === "data-frame") watched.frames += 1;
      else if (view === "summary" && oldValue !== view) watched.summaries += 1;
    }
  }).observe(document.body, {
    attributeFilter: ["data-frame", "data-view"], attributeOldValue: true,
  });
}"""

Sample = Mapping[str, float]


def watch(
    stage: Stage, browser: Browser, page: Page, minutes: int, told: Callable[[Sample], None]
) -> list[Sample]:
    """One sample a minute, each `told` as soon as it is taken."""
    session = page.context.new_cdp_session(page)
    session.send("Performance.enable")
    page.evaluate(WATCH)
    pages = renderers(browser)
    processes = {"page": pages, **{name: (pid,) for name, pid in stage.processes.items()}}
    taken: list[Sample] = []
    began_s, used_s = time.monotonic(), cpu_s(*pages)
    for minute in range(1, minutes + 1):
        page.wait_for_timeout((began_s + minute * SAMPLE_EVERY_S - time.monotonic()) * 1000)
        # Before the collection, which costs the measurement and not the page.
        used_s = cpu_s(*pages) - used_s
        seen = page.evaluate("watched")
        session.send("HeapProfiler.collectGarbage")
        metrics = {
            one["name"]: one["value"] for one in session.send("Performance.getMetrics")["metrics"]
        }
        sample = {
            "minute": minute,
            "sessions": seen["summaries"],
            "frames_drawn": seen["frames"],
            "page_cpu_pct": round(100.0 * used_s / SAMPLE_EVERY_S, 1),
            **{name: round(metrics[of] / unit) for name, (of, unit) in PAGE_COUNTS.items()},
            **{f"{name}_rss_kb": round(rss_kb(*pids)) for name, pids in processes.items()},
            **{f"{name}_files": open_files(*pids) for name, pids in processes.items()},
            "load_1_min": round(os.getloadavg()[0], 1),
        }
        taken.append(sample)
        told(sample)
        used_s = cpu_s(*pages)
    return taken


def growth(taken: Sequence[Sample]) -> dict[str, dict[str, float]]:
    """Of all that could grow: where it stood once all had settled, and where at the end."""
    settled = taken[SETTLED_AFTER:] if len(taken) >= TELLING_MINUTES else taken
    ends = {"settled": settled[:ENDS], "at_the_end": settled[-ENDS:]}
    return {
        name: {end: statistics.median(one[name] for one in some) for end, some in ends.items()}
        for name in GROWING
    }


def told_plainly(grown: Mapping[str, Mapping[str, float]], minutes: int) -> str:
    """The answer in a sentence."""
    if minutes < TELLING_MINUTES:
        return f"Too short to tell what grows: watch for {TELLING_MINUTES} minutes or more."
    more = [
        name
        for name, ends in grown.items()
        if ends["at_the_end"] > ends["settled"] * (1.0 + LEVEL_PCT / 100.0)
    ]
    if not more:
        return f"Nothing grew by more than {LEVEL_PCT:g} %."
    return f"Grown by more than {LEVEL_PCT:g} %: {', '.join(more)}."


@click.command()
@click.option("--minutes", default=60, show_default=True, help="How long to watch.")
@click.option("--json", "as_json", is_flag=True, help="One JSON object.")
def main(minutes: int, as_json: bool) -> None:
    """Watch whether anything grows while the demonstration trains."""

    def told(sample: Sample) -> None:
        line = "  ".join(f"{name} {value}" for name, value in sample.items())
        click.echo(line, err=as_json)

    with open_stage() as stage, open_browser() as browser:
        page = browser.new_page(viewport={"width": SIZE["width"], "height": SIZE["height"]})
        page.goto(stage.address)
        taken = watch(stage, browser, page, minutes, told)
    grown = growth(taken)
    if as_json:
        click.echo(json.dumps({"growth": grown, "samples": taken}))
        return
    for name, ends in grown.items():
        click.echo(f"{name:14} settled {ends['settled']:9g}   at the end {ends['at_the_end']:9g}")
    click.echo(told_plainly(grown, minutes))


if __name__ == "__main__":
    try:
        main()
    except PronematError as error:
        click.echo(f"pronemat: {error}", err=True)
        sys.exit(error.exit_code)

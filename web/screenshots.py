"""`python -m web.screenshots FOLDER`: pictures of the kiosk page, made from the demonstration.

The simulated member is told what to do, so that every state comes in turn.
"""

from __future__ import annotations

import sys
import time
from dataclasses import dataclass
from pathlib import Path

import click

from device.errors import PronematError
from web.demo_stage import Page, open_browser, open_stage

SIZES = ("1920x1080", "800x480", "1080x1920")
SCENE_WITHIN_S = 90.0
LOOK_EVERY_MS = 30
SETTLE_S = 0.5
"""After a change, until what moves on the page has come to rest."""


LEG_UP = """() => {
  for (const animation of document.getAnimations()) {
    if (animation.effect.getTiming().iterations === Infinity) animation.currentTime = 3600;
  }
}"""
"""Puts the moving picture of the exercise, which lasts 7 s, at the top of the lift."""


@dataclass(frozen=True)
class Scene:
    """What the member is told, what the page then shows, and the name of the picture of it."""

    orders: tuple[str, ...]
    shown: str
    name: str


LIFTS = (
    *("lift_left", "lift_right", "arch_left", "lift_right", "lift_left", "roll_right"),
    *("lift_left", "lift_right", "get_up"),
)
SCENES = (
    Scene((), "body[data-view=idle]", "idle"),
    Scene(("lie_down", "brace", *LIFTS), "body[data-view=safety]", "safety"),
    Scene((), "body[data-view=set][data-phase=settling]", "settling"),
    Scene((), "body[data-view=set][data-phase=ready]", "ready"),
    Scene((), "body[data-phase=holding] #legs .left.up", "lifting"),
    Scene((), "#reps li:nth-child(1)[data-verdict]", "rep"),
    Scene((), "#view-set[data-warning]", "warning"),
    Scene((), "#reps li:nth-child(3)[data-verdict]", "arched"),
    Scene((), "#reps li:nth-child(7)[data-verdict]", "kiosk"),
    Scene((), "body[data-view=summary]", "summary"),
)
"""The lifts follow each other as in a set: a pause would end it."""


def parse_size(text: str) -> tuple[int, int]:
    """`800x480` as width and height."""
    width, _, height = text.partition("x")
    if not (width.isdigit() and height.isdigit()):
        raise PronematError(f"'{text}' is not a size such as 800x480.")
    return int(width), int(height)


def take(pages: list[Page], scene: Scene, folder: Path) -> None:
    """Wait for the scene on every page, then take its picture at every size."""
    for page in pages:
        found = page.locator(scene.shown).first
        deadline = time.monotonic() + SCENE_WITHIN_S
        while not found.is_visible():
            if time.monotonic() > deadline:
                raise PronematError(
                    f"the page did not show '{scene.name}' within {SCENE_WITHIN_S:g} s; "
                    f"try another --seed, or leave it out with --only."
                )
            page.wait_for_timeout(LOOK_EVERY_MS)
    time.sleep(SETTLE_S)
    for page in pages:
        page.evaluate(LEG_UP)
        size = page.viewport_size or {"width": 0, "height": 0}
        path = folder / f"{scene.name}-{size['width']}x{size['height']}.png"
        page.screenshot(path=path)
        click.echo(path)


@click.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--seed", default=0, show_default=True, help="Which simulated member.")
@click.option("--only", multiple=True, help="Names of the pictures wanted; all by default.")
@click.option("--size", "sizes", multiple=True, help="Such as 800x480; all usual ones by default.")
def main(folder: Path, seed: int, only: tuple[str, ...], sizes: tuple[str, ...]) -> None:
    """Take pictures of the states of the page into FOLDER.

    Those of the README: --only kiosk --only idle --only summary --size 1920x1080 --size 800x480
    """
    folder.mkdir(parents=True, exist_ok=True)
    with open_stage(seed) as stage, open_browser() as browser:
        stage.clear()
        pages = [
            browser.new_page(viewport={"width": width, "height": height})
            for width, height in map(parse_size, sizes or SIZES)
        ]
        for page in pages:
            page.goto(stage.address)
        for scene in SCENES:
            stage.order(*scene.orders)
            if not only or scene.name in only:
                take(pages, scene, folder)


if __name__ == "__main__":
    try:
        main()
    except PronematError as error:
        click.echo(f"pronemat: {error}", err=True)
        sys.exit(error.exit_code)

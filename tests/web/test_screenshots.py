"""The pictures: what they ask of the simulated member exists, and mistakes are one sentence."""

from __future__ import annotations

import pytest

from device.athlete import COMMANDS
from device.errors import PronematError
from web.screenshots import SCENES, SIZES, parse_size


def test_the_member_knows_every_order_of_every_scene() -> None:
    assert {order for scene in SCENES for order in scene.orders} <= set(COMMANDS)


def test_every_picture_has_its_own_name() -> None:
    names = [scene.name for scene in SCENES]
    assert len(names) == len(set(names))


def test_sizes_are_width_by_height() -> None:
    assert [parse_size(size) for size in SIZES][1] == (800, 480)
    for wrong in ("800", "800x", "axb", "-1x5"):
        with pytest.raises(PronematError, match="is not a size such as 800x480"):
            parse_size(wrong)

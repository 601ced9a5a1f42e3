"""What the watch over an hour compares."""

from __future__ import annotations

from web.growth import (
    ENDS,
    GROWING,
    LEVEL_PCT,
    SETTLED_AFTER,
    TELLING_MINUTES,
    growth,
    told_plainly,
)


def minute(number: int, kb: float) -> dict[str, float]:
    return {"minute": number, **dict.fromkeys(GROWING, kb)}


def test_what_comes_with_the_first_visits_is_no_growth() -> None:
    settling = [minute(number, number) for number in range(SETTLED_AFTER)]
    level = [minute(number, 900.0) for number in range(SETTLED_AFTER, 60)]
    assert set(growth(settling + level)["js_heap_kb"].values()) == {900.0}


def test_one_odd_minute_at_an_end_is_no_growth_and_a_steady_rise_is() -> None:
    level = [minute(number, 900.0) for number in range(60)]
    odd = [*level[:-1], minute(59, 5000.0)]
    rising = [minute(number, 900.0 + number) for number in range(60)]
    assert growth(odd)["nodes"]["at_the_end"] == 900.0
    settled, at_the_end = growth(rising)["nodes"].values()
    assert at_the_end - settled == 60 - SETTLED_AFTER - ENDS


def test_it_says_plainly_what_grew() -> None:
    level = {name: {"settled": 100.0, "at_the_end": 100.0} for name in GROWING}
    assert told_plainly(level, TELLING_MINUTES) == "Nothing grew by more than 5 %."
    more = {"settled": 100.0, "at_the_end": 101.0 + LEVEL_PCT}
    assert told_plainly(level | {"web_files": more}, 60) == "Grown by more than 5 %: web_files."
    assert told_plainly(level, TELLING_MINUTES - 1).startswith("Too short to tell")

"""The mat's description: what it says, and what it refuses with the line and the remedy."""

from __future__ import annotations

from pathlib import Path

import pytest

from device.core.mat_reader import parse_mat
from device.errors import MatError
from device.mat_file import load_mat

TEXT = (Path(__file__).parents[2] / "hardware" / "mat.toml").read_text(encoding="utf-8")


def line_of(text: str, part: str, nth: int = 0) -> int:
    """The line number (from 1) of the nth line that contains `part`."""
    return [number for number, line in enumerate(text.splitlines(), 1) if part in line][nth]


def refused(text: str) -> str:
    with pytest.raises(MatError) as caught:
        parse_mat(text, "gym.toml")
    message = str(caught.value)
    assert message.startswith("gym.toml")
    assert "\n" not in message
    return message


def test_the_reference_mat_has_fifteen_strips_on_four_converters() -> None:
    mat = load_mat()
    assert len(mat.names) == 15
    assert mat.addresses == (0x48, 0x49, 0x4A, 0x4B)
    assert mat.channels[-1] == "reference"
    assert mat.rows == (
        "chest",
        "ribs",
        "abdomen",
        "asis",
        "pubis",
        "thigh",
        "knee",
        "foot",
        "head",
    )
    assert mat.electronics.volts_per_count == pytest.approx(0.125e-3)


def test_left_and_right_of_a_row_mirror_each_other() -> None:
    mat = load_mat()
    order = mat.mirror_order()
    for index, mirrored in enumerate(order):
        x, y = mat.sensors[index].centre_mm
        assert mat.sensors[mirrored].centre_mm == (-x, y)
        assert order[mirrored] == index


def test_a_channel_used_twice_names_both_strips_and_the_line() -> None:
    text = TEXT.replace("address = 0x49\nchannel = 0", "address = 0x48\nchannel = 0", 1)
    message = refused(text)
    assert "'ribs_right' and 'ribs_left' both have address 0x48 channel 0" in message
    assert f"line {line_of(text, 'channel =', 2)}:" in message


def test_a_strip_off_the_mat_is_named_with_its_line() -> None:
    text = TEXT.replace("bars = [[150, 115]]", "bars = [[250, 115]]")
    message = refused(text)
    assert "'abdomen_right' at [250, 115] lies off the mat" in message
    assert f"line {line_of(text, '[[250, 115]]')}:" in message


def test_an_unknown_key_is_named_with_its_line_and_the_allowed_ones() -> None:
    text = TEXT.replace("pulldown = 1000", "pulldwon = 1000")
    message = refused(text)
    assert "unknown key 'pulldwon' in electronics" in message
    assert "pulldown" in message
    assert f"line {line_of(text, 'pulldwon')}:" in message


def test_an_unknown_table_is_named_with_its_line() -> None:
    text = TEXT + "\n[strips]\nlength = 3\n"
    assert f"line {line_of(text, '[strips]')}: unknown table or key 'strips'" in refused(text)


@pytest.mark.parametrize("row", ["pubis", "chest", "head", "foot", "asis"])
def test_a_missing_row_is_named_with_the_remedy(row: str) -> None:
    blocks = TEXT.split("[[sensor]]")
    kept = [block for block in blocks if f'name = "{row}' not in block]
    text = "[[sensor]]".join(kept)
    if "[reference]" not in text:
        text += "[reference]" + TEXT.split("[reference]")[1]
    message = refused(text)
    assert f"row '{row}' is still missing" in message
    assert f'without = ["{row}"]' in message
    assert f"line {line_of(text, '[[sensor]]', -1)}:" in message


def test_a_row_may_be_left_out_on_purpose() -> None:
    blocks = TEXT.split("[[sensor]]")
    text = "[[sensor]]".join(block for block in blocks if 'name = "chest' not in block)
    mat = parse_mat(text.replace("[mat]", '[mat]\nwithout = ["chest"]'))
    assert "chest" not in mat.rows


def test_half_a_row_is_refused() -> None:
    blocks = TEXT.split("[[sensor]]")
    text = "[[sensor]]".join(block for block in blocks if 'name = "knee_left' not in block)
    assert "row 'knee' needs a left and a right strip" in refused(text)


def test_a_further_row_needs_nothing_but_the_file() -> None:
    shin = (
        '[[sensor]]\nname = "shin"\npart = "FSR 408"\nbars = [[0, -630]]\nwidth = 260\n'
        "height = 20\naddress = 0x4B\nchannel = 3\n"
    )
    text = TEXT.replace("[reference]", shin + "[reference]").replace(
        'name = "reference"\naddress = 0x4B\nchannel = 3',
        'name = "reference"\naddress = 0x48\nchannel = 2',
    )
    text = text.replace(
        'name = "asis_left"\npart = "FSR 408"\nbars = [[-150, 0]]\nwidth = 260\nheight = 20\n'
        "address = 0x48\nchannel = 2",
        'name = "asis_left"\npart = "FSR 408"\nbars = [[-150, 0]]\nwidth = 260\nheight = 20\n'
        "address = 0x4B\nchannel = 3",
    ).replace(shin, shin.replace("address = 0x4B\nchannel = 3", "address = 0x4A\nchannel = 3"))
    # The head pad's input now serves the shin; this mat has no head pad.
    blocks = text.split("[[sensor]]")
    text = "[[sensor]]".join(block for block in blocks if 'name = "head"' not in block)
    if "[reference]" not in text:
        text += "[reference]" + TEXT.split("[reference]")[1]
    mat = parse_mat(text.replace("[mat]", '[mat]\nwithout = ["head"]'))
    assert "shin" in mat.rows


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("supply = 3.3", "supply = -3.3", "'supply' must be a number above 0, but is -3.3"),
        ("pga = 4.096", "pga = 4.0", "'pga' must be one of 6.144, 4.096"),
        ("data_rate = 860", 'data_rate = "fast"', "'data_rate' must be one of 8, 16"),
        ("address = 0x4A", "address = 0x50", "'address' must be one of 0x48, 0x49, 0x4a, 0x4b"),
        ('part = "FSR 406"', 'part = "FSR 999"', "'part' must be one of FSR 408, FSR 406"),
        ('name = "pubis"', 'name = "asis_left"', "a second sensor is named 'asis_left'"),
        ("bars = [[0, 660]]", "bars = [[0]]", "'bars' of 'head' must be a list of [x, y]"),
        ("width = 610", "", "mat has no 'width'; add it"),
        ("nominal = 1.65", "nominal = 5", "'nominal' is 5 V, above the supply"),
        ("channel = 1", "channel = true", "'channel' must be one of 0, 1, 2, 3"),
    ],
)
def test_a_wrong_value_is_one_sentence_with_what_is_allowed(old: str, new: str, says: str) -> None:
    message = refused(TEXT.replace(old, new, 1))
    assert says in message
    assert "line " in message


def test_text_that_is_no_toml_is_refused() -> None:
    assert "is not valid TOML" in refused("[mat\nlength = 3")


def test_a_mat_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(MatError, match=r"none\.toml cannot be read"):
        load_mat(tmp_path / "none.toml")


def without_reference(text: str) -> str:
    """The same mat with no input that measures the supply."""
    text = text[: text.index("[reference]")]
    return text.replace("[mat]", '[mat]\nwithout = ["reference"]')


def test_a_mat_may_go_without_a_reference_and_then_has_sixteen_inputs_for_strips() -> None:
    mat = parse_mat(without_reference(TEXT))
    assert not mat.reference.fitted
    assert mat.channels[-1] == "reference", "recordings keep its column"
    assert len(mat.slots) == 15
    spare = without_reference(TEXT).replace(
        "address = 0x48\nchannel = 3", "address = 0x4B\nchannel = 3"
    )
    assert (0x4B, 3) in parse_mat(spare).slots


def test_a_reference_that_was_forgotten_or_is_there_after_all_is_told() -> None:
    forgotten = refused(TEXT[: TEXT.index("[reference]")])
    assert "the table [reference] is missing" in forgotten
    assert 'without = ["reference"]' in forgotten
    both = refused(TEXT.replace("[mat]", '[mat]\nwithout = ["reference"]'))
    assert "remove one" in both

"""A plain recording is read at once, and exactly as cell by cell."""

from __future__ import annotations

import io

import numpy as np
import pytest

from device.quick_table import quick_table


def test_empty_cells_are_missing_readings_wherever_they_stand() -> None:
    read = quick_table(io.StringIO("t, a,b,c\r\n0.5,,,3\r\n0.6,1,,\r\n"))
    assert read is not None
    header, table = read
    assert header == ["t", "a", "b", "c"]
    np.testing.assert_array_equal(table, [[0.5, np.nan, np.nan, 3.0], [0.6, 1.0, np.nan, np.nan]])


@pytest.mark.parametrize(
    "text",
    [
        "",
        "t,a\n",
        "t,a\n1,x\n",
        "t,a\n1,nan\n",
        "t,a\n1,Infinity\n",
        "t,a\n1,2,3\n",
        "t,a\n1,2\n3\n",
        't,a\n1,"2"\n',
        "t,a\n1,1_000\n",
    ],
)
def test_what_is_not_plain_is_left_to_the_careful_reader(text: str) -> None:
    assert quick_table(io.StringIO(text)) is None


def test_a_table_of_many_chunks_is_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("device.quick_table.CHUNK_CHARACTERS", 64)
    rows = np.arange(600.0).reshape(200, 3)
    text = "t,a,b\n" + "\n".join(",".join(f"{cell:g}" for cell in row) for row in rows)
    read = quick_table(io.StringIO(text))
    assert read is not None
    np.testing.assert_array_equal(read[1], rows)

"""Imports point one way: hardware and core below, wiring above, pages beside.

The rules stand here as tables; a new folder that is in none of them fails.
"""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MODULES = sorted(
    path.relative_to(ROOT) for folder in ("device", "web") for path in (ROOT / folder).rglob("*.py")
)

CORE_MAY_IMPORT = {
    "__future__",
    "abc",
    "bisect",
    "collections",
    "dataclasses",
    "enum",
    "functools",
    "itertools",
    "json",
    "math",
    "numpy",
    "re",
    "tomllib",
    "types",
    "typing",
}
"""What the core may use besides itself: nothing here can reach a file, a socket or a clock."""

RANKS = {
    "errors": 0,
    "quick_table": 0,
    "core": 1,
    "config": 2,
    "fullscreen": 2,
    "mat_file": 2,
    "model_file": 2,
    "recording": 2,
    "recording_mend": 3,
    "calibration_file": 3,
    "tare_file": 4,
    "athlete": 3,
    "workshop": 3,
    "drivers": 3,
    "coach": 3,
    "stream": 3,
    "store": 4,
    "sources": 4,
    "scoring": 4,
    "service": 5,
    "backup": 6,
    "calibrations": 6,
    "doctor": 6,
    "monitor": 6,
    "daemon": 7,
    "cli": 8,
    "__main__": 9,
}
"""Places in `device`, lowest first: a place imports from lower places and from itself only."""

WEB_MAY_IMPORT = {"coach", "config", "core", "errors", "store", "stream"}
"""What the pages may know of the device: settings, words, programme and progression, what is
stored, what is streamed."""


def imported(path: Path) -> set[str]:
    """Every module a file imports, as dotted names, inside functions too."""
    names: set[str] = set()
    for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path} imports relatively; write the whole name"
            assert node.module is not None
            names |= {node.module} | {f"{node.module}.{alias.name}" for alias in node.names}
    return names


def place(dotted: str) -> str:
    """`device.core.mat` is in the place `core`; the package itself is in the place `errors`."""
    parts = dotted.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in RANKS else "errors"


def place_of(path: Path) -> str:
    return path.parts[1].removesuffix(".py")


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_no_import_points_up(path: Path) -> None:
    if path.parts[0] == "device":
        own = place_of(path)
        if own == "__init__":
            own = "errors"
        assert own in RANKS, f"give {path} a rank in this test"
        for name in imported(path):
            assert name.split(".")[0] != "web", f"{path}: the device knows nothing of pages"
            if name.startswith("device."):
                other = place(name)
                assert RANKS[other] < RANKS[own] or other == own, f"{path} imports {name}"
    else:
        for name in imported(path):
            if name.startswith("device."):
                assert place(name) in WEB_MAY_IMPORT, f"{path} imports {name}"


@pytest.mark.parametrize("path", [p for p in MODULES if p.parts[:2] == ("device", "core")], ids=str)
def test_the_core_is_pure(path: Path) -> None:
    for name in imported(path):
        if name.startswith("device."):
            continue
        assert name.split(".")[0] in CORE_MAY_IMPORT, f"{path} imports {name}"
        assert not name.startswith("numpy.random"), f"{path}: no randomness in the core"
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    called = {
        node.func.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not called & {"open", "print", "input", "exec", "eval"}, f"{path} does I/O"


@pytest.mark.parametrize("path", MODULES, ids=str)
def test_nothing_hides_behind_type_checking(path: Path) -> None:
    """A cycle that only the type checker sees is a cycle."""
    assert "TYPE_CHECKING" not in (ROOT / path).read_text(encoding="utf-8")

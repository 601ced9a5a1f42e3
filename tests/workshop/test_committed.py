"""What lies in `hardware/` is what the program makes of `mat.toml` today."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from device.cli.drawings import drawings
from device.cli.mat import mat
from device.cli.template import template

HARDWARE = Path(__file__).parent.parent.parent / "hardware"


def test_the_template_is_up_to_date(tmp_path: Path) -> None:
    CliRunner().invoke(template, ["--out", str(tmp_path)], catch_exceptions=False)
    for name in ("template.svg", "template.pdf"):
        committed = (HARDWARE / "template" / name).read_bytes()
        assert (tmp_path / name).read_bytes() == committed, (
            f"run: pronemat template --out hardware/template ({name})"
        )


def test_wiring_bill_schematic_and_pictures_are_up_to_date(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    no_settings = tmp_path / "settings.toml"
    no_settings.write_text("")
    monkeypatch.setenv("PRONEMAT_CONFIG", str(no_settings))
    out = tmp_path / "out"
    done = CliRunner().invoke(drawings, ["--out", str(out)], catch_exceptions=False)
    for line in done.output.splitlines():
        made = Path(line)
        committed = HARDWARE / made.relative_to(out)
        assert made.read_text(encoding="utf-8") == committed.read_text(encoding="utf-8"), (
            f"run: pronemat drawings --out hardware ({committed.name})"
        )
    assert len(done.output.splitlines()) == 6
    shown = CliRunner().invoke(mat, ["--wiring"], catch_exceptions=False)
    assert shown.output == (HARDWARE / "wiring.md").read_text(encoding="utf-8")

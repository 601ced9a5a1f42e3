"""What lies in `hardware/` is what the program makes of `mat.toml` today."""

from __future__ import annotations

from pathlib import Path

from click.testing import CliRunner

from device.cli.template import template

HARDWARE = Path(__file__).parent.parent.parent / "hardware"


def test_the_template_is_up_to_date(tmp_path: Path) -> None:
    CliRunner().invoke(template, ["--out", str(tmp_path)], catch_exceptions=False)
    for name in ("template.svg", "template.pdf"):
        committed = (HARDWARE / "template" / name).read_bytes()
        assert (tmp_path / name).read_bytes() == committed, (
            f"run: pronemat template --out hardware/template ({name})"
        )

"""The circuit that is committed is sound, and the rules see what would make it unsound."""

from __future__ import annotations

import dataclasses
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from device.config import PanelSettings
from device.core.mat import Mat
from device.core.mat_reader import parse_mat
from device.mat_file import load_mat
from device.workshop.circuit import draw_up
from device.workshop.netlist import Netlist, read_netlist
from device.workshop.rules import broken_rules

ROOT = Path(__file__).parent.parent.parent
TEXT = (ROOT / "hardware" / "schematic" / "netlist.toml").read_text(encoding="utf-8")
PLAN: dict[str, Any] = tomllib.loads((ROOT / "hardware" / "mat.toml").read_text(encoding="utf-8"))
STRAP = {0x48: "GND", 0x49: "3V3_MAT", 0x4A: "SDA", 0x4B: "SCL"}
"""Texas Instruments, ADS1115 data sheet: ADDR to GND, VDD, SDA, SCL."""


def test_the_committed_netlist_breaks_no_rule() -> None:
    assert broken_rules(read_netlist(TEXT), load_mat(), PanelSettings()) == []


def test_every_strip_reaches_the_input_that_the_mats_file_names() -> None:
    """Followed by hand through the text, pin by pin."""
    nets: dict[str, list[str]] = tomllib.loads(TEXT)["nets"]
    parts = {part["ref"]: part for part in tomllib.loads(TEXT)["part"]}
    net_of = {pin: net for net, pins in nets.items() for pin in pins}
    chips = {net_of[f"{ref}.ADDR"]: ref for ref in parts if parts[ref]["item"] == "ads1115"}
    assert len(chips) == 4
    for sensor in PLAN["sensor"]:
        chip = chips[STRAP[sensor["address"]]]
        at_input = net_of[f"{chip}.AIN{sensor['channel']}"]
        (series,) = [pin for pin in nets[at_input] if parts[pin.split(".")[0]]["item"] == "series"]
        other = {"1": "2", "2": "1"}[series[-1]]
        at_strip = net_of[f"{series[:-2]}.{other}"]
        strips = {pin.split(".")[0] for pin in nets[at_strip] if pin.split(".")[0].startswith("RV")}
        assert len(strips) == len(sensor["bars"]), sensor["name"]
        assert {net_of[f"{ref}.1"] for ref in strips} == {"3V3_MAT"}
        assert {parts[ref]["item"] for ref in strips} == {sensor["part"]}
        pulldowns = [
            pin.split(".")[0]
            for pin in nets[at_strip]
            if parts[pin.split(".")[0]]["item"] == "divider"
        ]
        (pulldown,) = pulldowns
        assert parts[pulldown]["value"] == f"{PLAN['electronics']['pulldown'] / 1000:g}k"
        assert net_of[f"{pulldown}.2"] == "GND"


def cut(pin: str) -> Callable[[Netlist], Netlist]:
    """The circuit with one pin taken off its net."""

    def change(netlist: Netlist) -> Netlist:
        nets = {net: tuple(p for p in pins if p != pin) for net, pins in netlist.nets.items()}
        return dataclasses.replace(netlist, nets=nets, left_open=(*netlist.left_open, pin))

    return change


def moved(pin: str, net: str) -> Callable[[Netlist], Netlist]:
    """The circuit with one pin on another net."""

    def change(netlist: Netlist) -> Netlist:
        nets = {name: tuple(p for p in pins if p != pin) for name, pins in netlist.nets.items()}
        return dataclasses.replace(netlist, nets=nets | {net: (*nets[net], pin)})

    return change


def valued(item: str, value: str) -> Callable[[Netlist], Netlist]:
    """The circuit with another value of all parts of an item."""

    def change(netlist: Netlist) -> Netlist:
        parts = {
            ref: dataclasses.replace(part, value=value) if part.item == item else part
            for ref, part in netlist.parts.items()
        }
        return dataclasses.replace(netlist, parts=parts)

    return change


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        (moved("U2.ADDR", "GND"), "ADDR on 3V3_MAT, which makes 0x49"),
        (cut("U1.VDD"), "U1.VDD must be on 3V3_MAT"),
        (cut("R8.1"), "ribs_left: it needs one pulldown of 1000 ohms"),
        (cut("R9.2"), "ribs_left: one series resistor"),
        (cut("C3.1"), "ribs_left: its input needs a capacitor"),
        (cut("D5.IO1"), "ribs_left: it needs a diode against ESD"),
        (cut("J4.1"), "ribs_left: 1 lengths need as many plugs"),
        (cut("R38.1"), "reference: its divider must give 1.65 V"),
        (cut("R6.1"), "SDA has no pull-up"),
        (cut("D4.IO2"), "SCL needs a diode against ESD"),
        (cut("J3.4"), "SCL must run through the cable's two sockets"),
        (cut("F1.2"), "only the fuse may join"),
        (cut("C1.1"), "needs its 10 uF"),
        (cut("C2.1"), "4 converters have 3 capacitors"),
        (cut("J1.13"), "BUZZER must be on GPIO 27, pin 13"),
        (cut("R3.2"), "would sound while the Pi starts"),
        (moved("R8.1", "GND"), "R8 is shorted"),
        (cut("D1.A"), "D1.A is left open"),
        (cut("SW1.1"), "SW1.1 is left open"),
        (valued("r10k", "1k"), "more than a chip can pull low"),
        (valued("divider", "2.2k"), "needs one pulldown of 1000 ohms"),
    ],
)
def test_a_fault_in_the_circuit_is_found(
    change: Callable[[Netlist], Netlist], sentence: str
) -> None:
    problems = broken_rules(change(read_netlist(TEXT)), load_mat(), PanelSettings())
    assert any(sentence in problem for problem in problems), problems


def test_a_net_that_ends_nowhere_and_a_pin_on_two_nets_are_found() -> None:
    netlist = read_netlist(TEXT)
    lone = dataclasses.replace(netlist, nets=netlist.nets | {"STRAY": ("U1.ALERT",)})
    problems = broken_rules(lone, load_mat(), PanelSettings())
    assert any("the net STRAY ends at U1.ALERT" in problem for problem in problems)
    assert any("U1.ALERT is on 2 nets" in problem for problem in problems)
    unknown = dataclasses.replace(netlist, left_open=(*netlist.left_open, "U9.VDD"))
    assert any("no part has it" in p for p in broken_rules(unknown, load_mat(), PanelSettings()))


def other_mats() -> list[Mat]:
    """Coarser pulldowns."""
    text = (ROOT / "hardware" / "mat.toml").read_text(encoding="utf-8")
    coarse = re.sub(r"pulldown = 1000", "pulldown = 470", text)
    return [parse_mat(coarse)]


@pytest.mark.parametrize("mat", other_mats())
@pytest.mark.parametrize("panel", [PanelSettings(), PanelSettings(enabled=False)])
def test_another_mats_circuit_is_sound_too(mat: Mat, panel: PanelSettings) -> None:
    assert broken_rules(draw_up(mat, panel), mat, panel) == []

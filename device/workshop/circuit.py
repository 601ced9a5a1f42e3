"""The mat's circuit, made from its file and the panel's pins.

Two boxes and a cable. The wall box holds the Raspberry Pi, the fuse of the mat's supply, and the
panel; the mat box, at the mat, the converters and the dividers. Between them run supply, ground,
SDA and SCL.
"""

from __future__ import annotations

from device.config import PanelSettings
from device.core.mat import CHANNELS, Mat
from device.workshop.netlist import Bench, Netlist

WALL, MAT_BOX, MAT = "wall box", "mat box", "mat"
GROUND, PI_SUPPLY, SUPPLY, SDA, SCL = "GND", "3V3_PI", "3V3_MAT", "SDA", "SCL"
STRAPS = {0x48: GROUND, 0x49: SUPPLY, 0x4A: SDA, 0x4B: SCL}
"""What ADDR is wired to: ADS1115 data sheet (SBAS444E), table 7-2."""

PULL_UP_OHM = 10_000
"""At the mat box, so that its bus rests high with the cable pulled. The Pi's own are 1.8 kOhm."""
PI_PULL_UP_OHM = 1_800
"""Fitted on every Raspberry Pi at GPIO 2 and 3."""
SERIES_OHM = 2_200
"""Between strip and converter: what the ESD diode lets through (15 V at 3 A) drives no more than
5 mA into the input, which bears 10. The input's 6 MOhm makes 0.04 % of it, the same on the
reference channel, which divides it out."""
INPUT_F = "100 nF"
"""With the series resistor 0.2 ms: out of the way of a reading, in the way of radio."""

HEADER = {
    2: 3, 3: 5, 4: 7, 14: 8, 15: 10, 17: 11, 18: 12, 27: 13, 22: 15, 23: 16, 24: 18, 10: 19,
    9: 21, 25: 22, 11: 23, 8: 24, 7: 26, 0: 27, 1: 28, 5: 29, 6: 31, 12: 32, 13: 33, 19: 35,
    16: 36, 26: 37, 20: 38, 21: 40,
}  # fmt: skip
"""BCM number to pin of the Raspberry Pi's 40-pin header, the same on every one of them."""


def draw_up(mat: Mat, panel: PanelSettings) -> Netlist:
    """The whole circuit of this mat."""
    bench = Bench()
    _wall_box(bench, panel)
    _bus(bench)
    for address in mat.addresses:
        _chip(bench, mat, address)
    return bench.netlist()


def _wall_box(bench: Bench, panel: PanelSettings) -> None:
    header: dict[str, str | None] = {"1": PI_SUPPLY, "3": SDA, "5": SCL, "6": GROUND}
    if panel.enabled:
        header |= {
            str(HEADER[panel.led_pin]): "LED",
            str(HEADER[panel.buzzer_pin]): "BUZZER",
            str(HEADER[panel.button_pin]): "BUTTON",
        }
    bench.put("J", "header", "Raspberry Pi", WALL, dict(sorted(header.items(), key=_by_number)))
    bench.put("F", "fuse", "0.12 A", WALL, {"1": PI_SUPPLY, "2": SUPPLY})
    bench.put("J", "socket", "mat cable", WALL, _cable())
    if panel.enabled:
        _panel(bench)


def _by_number(pin: tuple[str, str | None]) -> int:
    return int(pin[0])


def _cable() -> dict[str, str | None]:
    return {"1": SUPPLY, "2": SDA, "3": GROUND, "4": SCL}


def _panel(bench: Bench) -> None:
    bench.put("R", "r330", "330", WALL, {"1": "LED", "2": "LAMP"})
    bench.put("D", "lamp", "green", WALL, {"A": "LAMP", "K": GROUND})
    bench.put("R", "r100", "100", WALL, {"1": "BUZZER", "2": "GATE"})
    bench.put("R", "r100k", "100k", WALL, {"1": "GATE", "2": GROUND})
    bench.put("Q", "switch", "2N7002", WALL, {"G": "GATE", "S": GROUND, "D": "BUZZER_LOW"})
    bench.put("BZ", "buzzer", "3 V, active", WALL, {"+": PI_SUPPLY, "-": "BUZZER_LOW"})
    bench.put("D", "flyback", "1N4148W", WALL, {"A": "BUZZER_LOW", "K": PI_SUPPLY})
    bench.put("R", "r10k", "10k", WALL, {"1": PI_SUPPLY, "2": "BUTTON"})
    bench.put("R", "r1k_button", "1k", WALL, {"1": "BUTTON", "2": "BUTTON_WIRE"})
    bench.put("SW", "button", "start, stop", WALL, {"1": "BUTTON_WIRE", "2": GROUND})
    _esd(bench, WALL, ["BUTTON_WIRE", "LAMP"])


def _esd(bench: Bench, place: str, nets: list[str]) -> None:
    pins: dict[str, str | None] = {f"IO{n + 1}": net for n, net in enumerate(nets)}
    spare: dict[str, str | None] = {f"IO{n + 1}": None for n in range(len(nets), 4)}
    bench.put("D", "esd", "TPD4E1U06", place, {**pins, **spare, "GND": GROUND})


def _bus(bench: Bench) -> None:
    bench.put("J", "socket", "mat cable", MAT_BOX, _cable())
    bench.put("C", "c10u", "10 uF", MAT_BOX, {"1": SUPPLY, "2": GROUND})
    bench.put("R", "r10k", "10k", MAT_BOX, {"1": SUPPLY, "2": SDA})
    bench.put("R", "r10k", "10k", MAT_BOX, {"1": SUPPLY, "2": SCL})
    _esd(bench, MAT_BOX, [SDA, SCL, SUPPLY])


def _chip(bench: Bench, mat: Mat, address: int) -> None:
    names = {slot[1]: mat.channels[n] for n, slot in enumerate(mat.slots) if slot[0] == address}
    inputs = {f"AIN{ch}": f"{names[ch]}_IN" if ch in names else GROUND for ch in CHANNELS}
    bus = {"ADDR": STRAPS[address], "GND": GROUND, "VDD": SUPPLY, "SDA": SDA, "SCL": SCL}
    bench.put("U", "ads1115", f"{address:#x}", MAT_BOX, {**bus, "ALERT": None, **inputs})
    bench.put("C", "c100n", INPUT_F, MAT_BOX, {"1": SUPPLY, "2": GROUND})
    _esd(bench, MAT_BOX, [names[channel] for channel in sorted(names)])
    for channel in sorted(names):
        _input(bench, mat, names[channel])


def _input(bench: Bench, mat: Mat, name: str) -> None:
    pulldown_ohm = mat.electronics.pulldown_ohm
    if name == mat.reference.name:
        share = mat.reference.nominal_v / mat.electronics.supply_v
        top_ohm = pulldown_ohm * (1 / share - 1)
        bench.put("R", "divider", ohms(top_ohm), MAT_BOX, {"1": SUPPLY, "2": name})
    else:
        (sensor,) = (sensor for sensor in mat.sensors if sensor.name == name)
        for nth in range(len(sensor.bars_mm)):
            label = f"{name} {chr(ord('a') + nth)}" if len(sensor.bars_mm) > 1 else name
            bench.put("J", "strip_plug", label, MAT_BOX, {"1": SUPPLY, "2": name})
            bench.put("RV", sensor.part, label, MAT, {"1": SUPPLY, "2": name})
    bench.put("R", "divider", ohms(pulldown_ohm), MAT_BOX, {"1": name, "2": GROUND})
    bench.put("R", "series", ohms(SERIES_OHM), MAT_BOX, {"1": name, "2": f"{name}_IN"})
    bench.put("C", "c100n", INPUT_F, MAT_BOX, {"1": f"{name}_IN", "2": GROUND})


def ohms(value: float) -> str:
    """A resistance as it stands on a drawing: 330, 1k, 2.2k."""
    return f"{value / 1000:g}k" if value >= 1000 else f"{value:g}"


def ohms_of(text: str) -> float:
    """The resistance that a drawing says."""
    return float(text.removesuffix("k")) * (1000 if text.endswith("k") else 1)

"""What to buy for a mat: every row counted from its netlist and its strips."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from device.config import PanelSettings
from device.core.mat import Mat
from device.workshop.circuit import SERIES_OHM, draw_up, ohms
from device.workshop.netlist import Netlist
from device.workshop.shapes import SHAPES


@dataclass(frozen=True, slots=True)
class Article:
    """How an item of the netlist is bought. `looked_up` tells whether the maker's own page or data
    sheet was read for this number; the rest is to be looked up before ordering."""

    what: str
    order: str
    purpose: str
    looked_up: bool = False


ANY_MAKER = "any maker's"

MECHANICS = (
    (
        "",
        "puck of silicone, 3 mm, 40 to 50 Shore A, 5 mm wide and as long as its strip is active "
        "(38 x 38 mm under the head pad)",
        "between bar and strip: presses evenly, whatever the bar's edges do",
    ),
    (
        "2",
        "birch plywood 12 mm, half of {size} each",
        "rigid backing; two halves that dowel together and go through a door",
    ),
    (
        "1",
        "closed-cell foam 6 mm, 60 kg/m3 or more, {size}",
        "filler round the bars, half a millimetre below their tops",
    ),
    (
        "1",
        "exercise foam {foam} mm, closed cell, {size}",
        "what the member lies on; its thickness stands in the mat's file",
    ),
    (
        "1",
        "cover of vinyl or PU leather, wipeable, phthalate-free, with a zip",
        "hygiene; the pelvic line is printed on it",
    ),
    ("1", "M12 cable, 4 poles, moulded, screened, 1.5 m, PUR", "wall box to mat box"),
    (
        "1",
        "box for the mat's electronics, IP54, 120 x 80 x 40 mm",
        "at the head end's side, outside the mat's outline",
    ),
)
"""Quantity (none: one under every bar), what, purpose."""

ARTICLES: Mapping[str, Article] = MappingProxyType(
    {
        "ads1115": Article(
            "converter, 16 bit, 4 inputs",
            "Texas Instruments ADS1115IDGSR (or Adafruit 1085, which brings its own pull-ups and "
            "100 nF)",
            "reads four strips",
        ),
        "esd": Article(
            "ESD diodes, four in one",
            "Texas Instruments TPD4E1U06DBVR",
            "catches what a person's clothes discharge into a strip, the cable or the button",
            True,
        ),
        "divider": Article(
            "resistor {value}, 0.1 %, 25 ppm",
            "Panasonic ERA-6A series, 0805",
            "pulldowns, and both halves of the reference: one kind, so that warmth cancels",
        ),
        "series": Article(
            f"resistor {ohms(SERIES_OHM)}, 1 %",
            "Yageo RC0805FR-072K2L",
            "keeps the ESD diode's rest out of the input",
        ),
        "c100n": Article(
            "capacitor 100 nF, X7R, 16 V or more",
            "Murata GRM21BR71H104KA01L",
            "one at every converter's VDD, one at every input",
        ),
        "c10u": Article(
            "capacitor 10 uF, X5R, 10 V or more", ANY_MAKER, "carries the strips' supply"
        ),
        "r10k": Article("resistor 10k", ANY_MAKER, "pull-ups of bus and button"),
        "r330": Article("resistor 330", ANY_MAKER, "the lamp's 4 mA"),
        "r100": Article("resistor 100", ANY_MAKER, "the buzzer's gate"),
        "r100k": Article("resistor 100k", ANY_MAKER, "keeps the buzzer silent while Linux starts"),
        "r1k_button": Article("resistor 1k", ANY_MAKER, "guards the button's pin"),
        "switch": Article("MOSFET 2N7002", "onsemi 2N7002", "drives the buzzer"),
        "flyback": Article("diode 1N4148W", ANY_MAKER, "takes the buzzer's kick"),
        "lamp": Article("LED, green, 2 V", "any maker's, or the button's own", "the status lamp"),
        "buzzer": Article(
            "buzzer, active (sounds on direct voltage), 3 V, 30 mA at most",
            ANY_MAKER,
            "rep, fault, start, stop",
        ),
        "button": Article(
            "push button, 19 mm or larger, normally open, IP65", ANY_MAKER, "start and stop"
        ),
        "fuse": Article(
            "resettable fuse, holds 0.12 A",
            "Bourns MF-NSMF012-2",
            "a crushed cable must not take the Pi down",
        ),
        "header": Article(
            "Raspberry Pi 4 or 5 (3B+ will do), 64 bit, with its maker's own supply",
            "Raspberry Pi",
            "runs it all",
        ),
        "socket": Article(
            "M12 socket for a panel, A-coded, 4 poles", ANY_MAKER, "the cable's two ends"
        ),
        "strip_plug": Article(
            "plug and socket, 2 poles, 2.54 mm, with a latch",
            "any maker's that fits the strip's tail",
            "one a length: a strip can be changed without soldering",
        ),
    }
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line of the bill."""

    quantity: str
    what: str
    order: str
    purpose: str
    looked_up: bool = False


def bill_of(mat: Mat, panel: PanelSettings) -> list[Line]:
    """Every line: strips, electronics, mechanics."""
    netlist = draw_up(mat, panel)
    return [*_strips(mat), *_electronics(netlist), *_mechanics(mat)]


def _strips(mat: Mat) -> Iterator[Line]:
    wanted: Counter[tuple[str, float]] = Counter()
    for sensor in mat.sensors:
        shape = SHAPES[sensor.part]
        wanted[sensor.part, shape.length_for(sensor.width_mm)] += len(sensor.bars_mm)
    for (part, length_mm), count in sorted(wanted.items(), key=lambda entry: str(entry[0])):
        strip = len(SHAPES[part].lengths_mm) > 1
        name = f"{part.replace(' ', ' ')}-{length_mm:g}" if strip else part
        yield Line(
            str(count),
            f"force-sensing resistor {name}",
            f"Interlink Electronics {name}",
            "one under every collecting bar, with its tail; never cut"
            if strip
            else "under the head pad",
            looked_up=True,
        )


def _electronics(netlist: Netlist) -> Iterator[Line]:
    counted = Counter(part.item for part in netlist.parts.values())
    values = {part.item: part.value for part in netlist.parts.values()}
    for item, article in ARTICLES.items():
        if counted[item]:
            what = article.what.format(value=values[item])
            yield Line(str(counted[item]), what, article.order, article.purpose, article.looked_up)


def _mechanics(mat: Mat) -> Iterator[Line]:
    bars = Counter((s.width_mm, s.height_mm) for s in mat.sensors for _ in s.bars_mm)
    for (width, height), count in sorted(bars.items(), reverse=True):
        pad = min(width, height) > 50
        thick = "4 mm aluminium plate" if pad else "flat aluminium bar, 3 mm"
        yield Line(
            str(count),
            f"{thick}, {width:g} x {height:g} mm, corners rounded",
            ANY_MAKER,
            "collects the load of its place" if not pad else "the head pad's plate",
        )
    size = f"{mat.length_mm:g} x {mat.width_mm:g} mm"
    foam = f"{mat.foam_thickness_mm:g}"
    for quantity, what, purpose in MECHANICS:
        number = quantity or str(sum(bars.values()))
        yield Line(number, what.format(size=size, foam=foam), ANY_MAKER, purpose)


BILL_HEAD = """# Bill of materials

Counted from the mat's file by `pronemat drawings`; change that file, not this one.

*Looked up* tells whether the maker's own page or data sheet was read for the number. The others
were written down from experience: look them up before you order. Any part of that description
will do. The strips' numbers are models; their order codes differ by the tail's end.

No strip is cut: nothing of its maker's was found that allows it, and a piece without a tail cannot
be contacted. A channel of two bars has two whole strips in parallel. Each is the longest one sold
that lies under its bar; the bar is stiff and hands over what presses beside the strip's ends.

| quantity | what | order | what it is for | looked up |
| --- | --- | --- | --- | --- |"""

BILL_FOOT = """Besides: wire of 0.14 mm2, double-sided laminating tape for the strips (no
cyanoacrylate, which cracks them), contact glue for the foam, a label for every plug.
"""


def bill_text(mat: Mat, panel: PanelSettings) -> str:
    """The bill as a document in Markdown."""
    rows = [
        f"| {line.quantity} | {line.what} | {line.order} | {line.purpose} | "
        f"{'yes' if line.looked_up else 'no'} |"
        for line in bill_of(mat, panel)
    ]
    return "\n".join([BILL_HEAD, *rows, "", BILL_FOOT])

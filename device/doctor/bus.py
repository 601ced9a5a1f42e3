"""The I2C bus itself: whether it is there, who else holds its chips, and how fast it is."""

from __future__ import annotations

from device.config import Settings
from device.core.mat import Mat
from device.doctor.chips import bus_hangs
from device.doctor.evidence import Evidence
from device.doctor.findings import Finding, State, from_sentence
from device.doctor.machine import Machine
from device.drivers.real_bus import BOOT_CONFIG, bus_clock_hz
from device.errors import PronematError

BUS_HANGS_REMEDY = (
    "switch the mat off and on; if it stays, unplug chip after chip to find the short from SDA or "
    "SCL to ground."
)
NO_BUS_REMEDY = f"put dtparam=i2c_arm=on into {BOOT_CONFIG} and start the Pi anew."
NO_NODE_REMEDY = "load i2c-dev: `echo i2c-dev | sudo tee /etc/modules-load.d/i2c.conf`, start anew."


def no_bus_finding(settings: Settings, machine: Machine, error: PronematError) -> Finding:
    """Why the bus could not be opened. A kernel that has the bus but shows no file of it is told
    from one whose bus is switched off."""
    name = f"i2c-{settings.bus.number}"
    has_bus = (machine.root / "sys/bus/i2c/devices" / name).exists()
    if has_bus and not (machine.root / "dev" / name).exists():
        return Finding(
            "i2c", State.BAD, f"the bus is on, but there is no /dev/{name}", NO_NODE_REMEDY
        )
    return from_sentence("i2c", State.BAD, str(error))


def bus_finding(settings: Settings, mat: Mat, evidence: Evidence, machine: Machine) -> Finding:
    """The bus by which the evidence came."""
    if bus_hangs(evidence):
        return Finding("i2c", State.BAD, "hangs: SDA or SCL is held low", BUS_HANGS_REMEDY)
    if evidence.source == "demo":
        return Finding("i2c", State.OK, "emulated, with emulated chips (SIMULATED)")
    if evidence.source == "replay":
        return Finding("i2c", State.UNKNOWN, "a recording is replayed")
    for address in mat.addresses:
        held = machine.root / f"sys/bus/i2c/devices/{settings.bus.number}-{address:04x}/driver"
        if held.exists():
            figure = f"a kernel driver holds {address:#x}: {held.resolve().name}"
            remedy = "remove dtoverlay=ads1115 or ads1015 from config.txt and start anew."
            return Finding("i2c", State.BAD, figure, remedy)
    name = f"i2c-{settings.bus.number}"
    answering = any(chip.answering for chip in evidence.chips.values())
    if not answering and not (machine.root / "sys/bus/i2c/devices" / name).exists():
        # In safe mode the daemon runs without it.
        return Finding("i2c", State.BAD, f"there is no bus {name}", NO_BUS_REMEDY)
    return Finding("i2c", State.OK, f"/dev/{name}")


def bus_clock_finding(settings: Settings, evidence: Evidence, machine: Machine) -> Finding:
    """Its clock by the device tree: only the boot configuration sets it."""
    wanted_hz = settings.bus.scl_hz
    if evidence.source != "mat":
        return Finding("bus_clock", State.UNKNOWN, f"{wanted_hz / 1000:.0f} kHz, emulated")
    actual_hz = bus_clock_hz(settings.bus.number, machine.root / "sys")
    if actual_hz is None:
        return Finding("bus_clock", State.UNKNOWN, "the device tree does not say")
    figure = f"{actual_hz / 1000:.0f} kHz of {wanted_hz / 1000:.0f} kHz"
    if actual_hz >= wanted_hz:
        return Finding("bus_clock", State.OK, figure)
    remedy = f"put dtparam=i2c_arm_baudrate={wanted_hz} into config.txt and start the Pi anew."
    return Finding("bus_clock", State.WARN, figure, remedy)

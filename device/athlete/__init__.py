"""The simulated member: a body under gravity on tissue and foam, pressing the strips of a mat."""

from device.athlete.record import dead_weight_points, record
from device.athlete.script import COMMANDS
from device.athlete.simulated_mat import SimulatedMat
from device.athlete.truth import TrueRep

__all__ = ["COMMANDS", "SimulatedMat", "TrueRep", "dead_weight_points", "record"]

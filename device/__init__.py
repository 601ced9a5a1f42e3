"""The mat: from the hardware to finished reps, their store and their stream."""

__version__ = "0.1.0"

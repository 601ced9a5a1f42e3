"""Calibrations of the mat: how one is taken, kept, compared and taken back; what has drifted."""

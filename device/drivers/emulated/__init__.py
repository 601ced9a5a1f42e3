"""ADS1115 chips on an I2C bus, below the real driver, in real or in virtual time.

The chips are emulated register by register; what presses on the strips is a function that the
caller gives. Faults of chips and bus can be ordered for a moment.
"""

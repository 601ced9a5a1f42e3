"""Thin drivers of what hangs on the Pi: converters on the I2C bus, lights, buzzer and button.

`emulated` holds a bus and chips that stand in for the hardware below the same drivers.
"""

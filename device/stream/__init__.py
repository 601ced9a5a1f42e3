"""The link between the daemon and everyone else on this machine.

Live frames may be dropped, events may not; commands go the other way.
"""

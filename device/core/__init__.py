"""The core: counts in, events out. Pure: numpy and the pure standard library only.

No files, sockets, clocks, threads, logging or randomness in this folder; `tests/test_imports.py`
enforces it. The same `Pipeline.step` runs live, replayed and under test.
"""

"""For all tests: one browser, how the property tests are run, how programs are started."""

from __future__ import annotations

import os
import signal

from hypothesis import settings

from tests.chromium import browser, launch

__all__ = ["browser", "launch"]

# Machines differ and are shared: an example that takes long has not failed. `timeout` in
# pyproject.toml stops one that hangs.
settings.register_profile("pronemat", deadline=None)
settings.load_profile("pronemat")

# A shell starts what it runs in the background with Ctrl-C ignored, and whatever the tests start
# would inherit that: the commands under test are to be as in a terminal.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# The tests start the program some hundred times, and each time it would be compiled anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

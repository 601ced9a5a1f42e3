"""For all tests: how the property tests are run, and what an interrupt does."""

from __future__ import annotations

import signal

from hypothesis import settings

# Machines differ and are shared: an example that takes long has not failed. `timeout` in
# pyproject.toml stops one that hangs.
settings.register_profile("pronemat", deadline=None)
settings.load_profile("pronemat")

# A shell starts what it runs in the background with Ctrl-C ignored, and whatever the tests start
# would inherit that: the commands under test are to be as in a terminal.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

"""For all tests: what begins first, one browser, how property tests and programs are run."""

from __future__ import annotations

import os
import signal

import pytest
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

LONG = ("tests/web/test_visit", "tests/web/test_demo", "tests/daemon/", "tests/doctor/test_daemon")
LONG += ("tests/test_quality", "tests/web/", "tests/trainer/test_journey", "tests/calibrations/")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with whole visits and real daemons: a worker that is given one last keeps all waiting.

    Their order is that of `LONG`; xdist's own would give out the files with most tests first.
    """
    items.sort(key=lambda item: next((n for n, at in enumerate(LONG) if at in item.nodeid), 99))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_auto_num_workers() -> int:
    """For `-n auto` one worker more than cores: a third of their time, tests wait for the mat's."""
    return len(os.sched_getaffinity(0)) + 1

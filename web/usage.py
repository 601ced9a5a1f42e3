"""What the processes of the demonstration and of its pages use, by the kernel's count (proc(5))."""

from __future__ import annotations

import os
from pathlib import Path

from web.demo_stage import Browser

KB = 1024


def renderers(browser: Browser) -> tuple[int, ...]:
    """The ids of the processes that run the pages and draw them."""
    session = browser.new_browser_cdp_session()
    listed = session.send("SystemInfo.getProcessInfo")["processInfo"]
    return tuple(one["id"] for one in listed if one["type"] == "renderer")


def cpu_s(*pids: int) -> float:
    """Seconds of a core that these processes have used so far, in the kernel and out of it."""
    return sum(map(_cpu_s, pids))


def rss_kb(*pids: int) -> float:
    """What these processes hold in memory."""
    return sum(map(_resident_pages, pids)) * os.sysconf("SC_PAGE_SIZE") / KB


def open_files(*pids: int) -> int:
    """How many files, pipes and connections these processes hold open."""
    return sum(sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir()) for pid in pids)


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _resident_pages(pid: int) -> int:
    return int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])

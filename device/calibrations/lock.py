"""One calibration at a time: a lock that the kernel drops when its holder ends, however it ends."""

from __future__ import annotations

import fcntl
import getpass
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from device.errors import AlreadyRunningError, CalibrationError

LOCK_NAME = "visit.lock"
LONGEST_NOTE = 200


@contextmanager
def visit_lock(folder: Path) -> Iterator[None]:
    """Be the only one who takes or changes calibrations in `folder`.

    Raises `AlreadyRunningError`, which names the other, and `CalibrationError` where the disk
    refuses. The file stays behind: removing it would let two holders lock different files.
    """
    path = folder / LOCK_NAME
    try:
        folder.mkdir(mode=0o755, parents=True, exist_ok=True)
        file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise CalibrationError(
            f"the calibrations in {folder} cannot be changed: {error.strerror}; run the command as "
            "the owner of that directory, and see to the disk."
        ) from None
    try:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.read(file, LONGEST_NOTE).decode("utf-8", "replace").strip()
            raise AlreadyRunningError(
                f"the mat is being calibrated by {holder or 'somebody else'}; wait for the end of "
                "that, or end it there: its points are kept."
            ) from None
        os.ftruncate(file, 0)
        os.pwrite(file, f"{user_name()} (process {os.getpid()})\n".encode(), 0)
        yield
    finally:
        os.close(file)


def user_name() -> str:
    """Who sits there: behind sudo, whoever called it."""
    try:
        return os.environ.get("SUDO_USER") or getpass.getuser()
    except (KeyError, OSError):
        return f"user {os.getuid()}"

"""An installed mat in a container, with what its checks ask of it again and again."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.system.container import Container

WITHIN_S = 180.0
VENV = "/opt/pronemat/current/venv/bin"
FRAMES = "/opt/pronemat/current/systemd/healthy"
"""True for the shell once the daemon has frames and the page is served."""
SERVED = (
    "exec 3<>/dev/tcp/127.0.0.1/8460 && "
    "printf 'GET / HTTP/1.0\\r\\nHost: localhost\\r\\n\\r\\n' >&3 && "
    "read -r _ s _ <&3 && [[ $s == 200 ]]"
)
CONNECTED = (
    'awk -v me=$(id -u pronemat-kiosk) \'$3 ~ /:210C$/ && $4 == "01" && $8 == me { found = 1 } '
    "END { exit !found }' /proc/net/tcp"
)
"""True once the kiosk's browser has its page, which holds a stream open (port 8460 is 210C)."""

FETCH = """
import ssl
import sys
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, HTTPSHandler, Request, build_opener

class Stay(HTTPRedirectHandler):
    def redirect_request(self, *given):
        return None

opener = build_opener(Stay, HTTPSHandler(context=ssl._create_unverified_context()))
for line in sys.argv[1:]:
    method, url, host = line.split()
    try:
        print(opener.open(Request(url, method=method, headers={"Host": host}), timeout=20).status)
    except HTTPError as error:
        print(error.code)
"""
COMMAND = """
import json
import sys
from device.stream.client import StreamClient

client = StreamClient("ipc:///run/pronemat/stream")
for request in sys.argv[1:]:
    print(json.dumps(client.command(json.loads(request), 10.0)))
"""


class Mat:
    """What is asked of the system in `box`."""

    def __init__(self, box: Container) -> None:
        self.box = box

    def says(self, script: str) -> str:
        """What a shell script prints in there."""
        return self.box.run(script).strip()

    def python(self, program: str, *arguments: str) -> str:
        """What a program in the product's own environment prints."""
        given = " ".join(f"'{argument}'" for argument in arguments)
        return self.says(f"{VENV}/python -P - {given} << 'PYTHON'\n{program}\nPYTHON")

    def true(self, script: str) -> bool:
        return self.says(f"if {{ {script}; }} > /dev/null 2>&1; then echo yes; fi") == "yes"

    def until(self, script: str) -> float:
        """Seconds until a condition of the shell holds; infinite if it does not in time."""
        begun_s = time.monotonic()
        while time.monotonic() - begun_s < WITHIN_S:
            if self.true(script):
                return time.monotonic() - begun_s
            time.sleep(0.1)
        return float("inf")

    def well(self) -> float:
        """Seconds until daemon and page are as they should be."""
        return self.until(f"systemctl -q is-active pronemat-device pronemat-web && {FRAMES}")

    def main_pid(self, unit: str) -> str:
        return self.says(f"systemctl show -p MainPID --value {unit}")


@dataclass(frozen=True)
class Result:
    """One line of the report."""

    well: bool
    text: str


Check = Callable[[Mat], Result]
"""One row of the fault table, tried; it bears the name that the table has for it."""

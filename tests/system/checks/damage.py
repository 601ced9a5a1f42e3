"""Settings and data: what is broken ends in safe mode, and what is saved is there."""

from __future__ import annotations

import json

from tests.system.installed import COMMAND, SERVED, Mat, Result


def maintainer(mat: Mat) -> str:
    """What the page says to the maintainer."""
    answer = json.loads(mat.python(COMMAND, '{"command": "snapshot"}'))
    return " ".join(answer["maintainer"])[:300]


RESTART = "systemctl restart --no-block pronemat-device pronemat-web"
STOP = "systemctl stop pronemat-device pronemat-safe pronemat-web pronemat-web-safe"
START = "systemctl start --no-block pronemat-device pronemat-web"


def settings_break(mat: Mat) -> Result:
    file = "/etc/pronemat/pronemat.toml"
    mat.says(f"cp {file} /root/kept; echo 'prot = 1' >> {file}; {RESTART}")
    took_s = mat.until(f"systemctl -q is-active pronemat-safe pronemat-web-safe && {SERVED}")
    said = maintainer(mat)
    mat.says(f"cp /root/kept {file}; {START}")
    back_s = mat.well()
    well = took_s < 90 and "line 5: unknown key 'prot'" in said and back_s < 30
    text = f"broken settings: safe mode after {took_s:.1f} s, well {back_s:.1f} s after the remedy"
    return Result(well, f"{text}; it says {said!r}")


def database_breaks(mat: Mat) -> Result:
    mat.says(
        f"{STOP}; cd /var/lib/pronemat; mkdir -p /root/db; mv pronemat.db* /root/db/; "
        "head -c 100000 /dev/urandom > pronemat.db; chown pronemat: pronemat.db; "
        f"md5sum /var/lib/pronemat/pronemat.db > /root/sum; {START}"
    )
    took_s = mat.until(f"systemctl -q is-active pronemat-safe && {SERVED}")
    said = maintainer(mat)
    untouched = mat.true("md5sum -c /root/sum --status")
    mat.says(f"{STOP}; cd /var/lib/pronemat; rm -f pronemat.db*; mv /root/db/* .; {START}")
    back_s = mat.well()
    well = took_s < 90 and "is damaged" in said and untouched and back_s < 30
    text = f"damaged database: safe mode after {took_s:.1f} s, well {back_s:.1f} s after the remedy"
    return Result(well, f"{text}, left as it was: {untouched}; it says {said!r}")


def saves(mat: Mat) -> Result:
    mat.says("systemctl start pronemat-backup")
    state = mat.says("systemctl show -p Result --value pronemat-backup")
    timer = mat.says("systemctl is-active pronemat-backup.timer")
    files = mat.says("ls /var/lib/pronemat/backups").split()
    well = (state, timer, len(files)) == ("success", "active", 2)
    return Result(well, f"backup: {state}, {files}; its timer is {timer}")

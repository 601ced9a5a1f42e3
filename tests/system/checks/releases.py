"""Installed again, updated, an update that fails, removed."""

from __future__ import annotations

from tests.system.installed import Mat, Result

OFFLINE = "PIP_NO_INDEX=1 PIP_FIND_LINKS=/root/wheels"


def installs_again(mat: Mat) -> Result:
    said = mat.says("/root/pronemat/systemd/install --no-hardware")
    well = "it runs" in said and "building" not in said and "Debian packages" not in said
    return Result(well, f"a second install without a network changes nothing: {said!r}")


def update_fails(mat: Mat) -> Result:
    mat.says(
        "cp -r /root/pronemat /root/newer; cd /root/newer; "
        "sed -i 's/^__version__ = .*/__version__ = \"9.9.9\"/' device/__init__.py; "
        "sed -i '1i raise SystemExit(3)' device/daemon.py"
    )
    before = mat.says("readlink /opt/pronemat/current")
    said = mat.says(f"cd /root/newer; {OFFLINE} PRONEMAT_HEALTHY_WITHIN_S=20 systemd/update")
    back = mat.says("readlink /opt/pronemat/current") == before
    took_s = mat.well()
    well = back and "went back" in said and took_s < 30
    return Result(well, f"an update that does not come up is undone: {said.splitlines()[-1:]}")


def update_works(mat: Mat) -> Result:
    mat.says(
        "cd /root/newer; sed -i 1d device/daemon.py; sed -i 's/9.9.9/9.9.8/' device/__init__.py"
    )
    said = mat.says(f"cd /root/newer; {OFFLINE} systemd/update")
    version = mat.says("/usr/local/bin/pronemat --version")
    well = "updated to 9.9.8" in said and "9.9.8" in version
    return Result(well, f"an update that works: {said.splitlines()[-1:]}")


def is_removed(mat: Mat) -> Result:
    kept = mat.says(
        "/root/pronemat/systemd/install --uninstall; ls /var/lib/pronemat /etc/pronemat; "
        "ls -d /opt/pronemat; systemctl list-unit-files --no-legend 'pronemat*'"
    )
    purged = mat.says(
        "/root/pronemat/systemd/install --uninstall --purge; "
        "ls -d /var/lib/pronemat /etc/pronemat; id pronemat"
    )
    well = "pronemat.db" in kept and "pronemat.toml" in kept and "pronemat-device" not in kept
    well = well and purged.count("No such file") == 2 and "no such user" in purged
    return Result(well, f"--uninstall keeps the data, --purge none: {well or (kept, purged)}")

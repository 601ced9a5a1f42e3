# shellcheck shell=bash
# How a release is made: a directory below /opt/pronemat with the program in its own virtual environment.
# Uses lib.sh, which is to be sourced before.

# For Python 3.13 lgpio has no wheel, and its source needs swig and a compiler: Debian has built it.
python_lacks_lgpio_wheel() { python3 -c 'import sys; sys.exit(sys.version_info < (3, 13))'; }

# A release is a directory of its own, complete or not there: what runs is never changed.
build_release() {
    local source=$1 release=$2 lock
    [[ ! -e $release/complete ]] || return 0
    say "building ${release##*/} (some minutes on a Pi)"
    rm -rf "$release"
    install -d -m 0755 "$release/source"
    source_files "$source" | (cd "$source" && xargs -0 cp --parents -t "$release/source")
    cp -r "$release/source/systemd" "$release/systemd"
    make_cursors "$release/systemd/kiosk/cursors/none/cursors"
    python3 -m venv "$release/venv"
    if chosen hardware; then
        lock=$release/source/systemd/requirements.lock
    else
        lock=$release/source/requirements.lock
    fi
    cp "$lock" "$release/requirements.txt"
    if chosen hardware && python_lacks_lgpio_wheel; then
        # Drop lgpio with its hashes from the list, and take Debian's.
        sed -i '/^lgpio==/,/[^\\]$/d' "$release/requirements.txt"
        ln -s /usr/lib/python3/dist-packages/lgpio.py \
            /usr/lib/python3/dist-packages/_lgpio*.so \
            "$release"/venv/lib/python3*/site-packages/
    fi
    quietly "$release/venv/bin/pip" install --quiet --disable-pip-version-check --only-binary :all: \
        --require-hashes -r "$release/requirements.txt" ||
        fail "pip could not install the locked packages; its last lines are above."
    quietly "$release/venv/bin/pip" install --quiet --disable-pip-version-check \
        --no-build-isolation --no-deps "$release/source" ||
        fail "the program itself could not be installed; pip's last lines are above."
    quietly "$release/venv/bin/python" -m compileall -q "$release/venv/lib" || true
    rm -rf "$release/source"
    chmod -R go+rX-w "$release"
    touch "$release/complete"
}

# A cursor theme of one clear pixel (Xcursor(3): header, one table entry, one image).
make_cursors() {
    install -d -m 0755 "$1"
    python3 - "$1/left_ptr" << 'PYTHON'
import struct
import sys

IMAGE, SIZE = 0xFFFD0002, 1
header = struct.pack("<4sIII", b"Xcur", 16, 0x10000, 1) + struct.pack("<III", IMAGE, SIZE, 28)
image = struct.pack("<IIIIIIIIII", 36, IMAGE, SIZE, 1, 1, 1, 0, 0, 0, 0)
open(sys.argv[1], "wb").write(header + image)
PYTHON
    local name
    for name in default pointer hand1 hand2 text xterm wait grab grabbing; do
        ln -sf left_ptr "$1/$name"
    done
}

# shellcheck shell=bash disable=SC2034
# (SC2034: names that only those use who source this file.)
# What `install` and `update` share: places, log, and how one release becomes the one that runs.

readonly OPT=/opt/pronemat
readonly CURRENT=$OPT/current
readonly DATA=/var/lib/pronemat
readonly CONFIG=/etc/pronemat
readonly UNITS=/etc/systemd/system
readonly LOG=/var/log/pronemat-install.log
readonly MANIFEST=$OPT/installed-files
readonly CHOICES=$OPT/choices

readonly SANDBOXED=(device safe web web-safe doctor backup proxy)
readonly HEALTHY_WITHIN_S=${PRONEMAT_HEALTHY_WITHIN_S:-60}
# A Pi 3B+ needs about ten seconds for the first frame; a release that needs a minute is not well.

say() { printf '%s\n' "$*"; printf '%s %s\n' "$(date -u +%FT%TZ)" "$*" >> "$LOG"; }

fail() {
    printf 'pronemat: %s\n' "$*" >&2
    printf '%s FAILED: %s\n' "$(date -u +%FT%TZ)" "$*" >> "$LOG"
    exit 1
}

# Run a command with its output in the log alone; its last lines are shown if it fails.
quietly() {
    local shown
    shown=$(mktemp)
    if ! "$@" > "$shown" 2>&1; then
        cat "$shown" >> "$LOG"
        tail -n 12 "$shown" >&2
        rm -f "$shown"
        return 1
    fi
    cat "$shown" >> "$LOG"
    rm -f "$shown"
}

need_root() {
    ((EUID == 0)) || { echo "pronemat: run it as root: sudo $0 $*" >&2; exit 1; }
    touch "$LOG"
}

# Whether systemd runs here. In a chroot (an image being made) units are enabled, not started.
booted() { [[ -d /run/systemd/system ]]; }

# Name of the release in a source tree: its version, and a digest, for two trees may say the same version.
release_of() {
    local version digest
    version=$(sed -n 's/^__version__ = "\(.*\)"$/\1/p' "$1/device/__init__.py")
    [[ -n $version ]] || fail "$1 is no source tree of pronemat: device/__init__.py names no version."
    digest=$(source_files "$1" | (cd "$1" && xargs -0 sha256sum) | sha256sum)
    printf '%s-%s\n' "$version" "${digest:0:8}"
}

# What of a source tree is installed, separated by NUL.
source_files() {
    (cd "$1" && find device web hardware systemd pyproject.toml README.md LICENSE requirements.lock \
        -type f -not -path '*/__pycache__/*' -print0 | sort -z)
}

# Put a file of ours into the system, if it differs, and note that it is ours.
put() {
    local from=$1 to=$2 mode=${3:-0644}
    if ! cmp -s "$from" "$to"; then
        install -D -m "$mode" "$from" "$to.new"
        mv -f "$to.new" "$to"
        say "  $to"
        CHANGED=1
    fi
    grep -qxF "$to" "$MANIFEST" 2> /dev/null || printf '%s\n' "$to" >> "$MANIFEST"
}

systemd_version() { systemctl --version | sed -n '1s/^systemd \([0-9]*\).*/\1/p'; }

chosen() { grep -qxF "$1" "$CHOICES"; }

# Units, drop-ins and settings of the release in $1 (a directory below /opt/pronemat).
put_system_files() {
    local from=$1/systemd name unit
    CHANGED=0
    for unit in "$from"/units/pronemat*; do
        name=${unit##*/}
        [[ $name == *-kiosk.service ]] && ! chosen kiosk && continue
        [[ $name == *-proxy.service ]] && ! chosen proxy && continue
        put "$unit" "$UNITS/$name"
    done
    for name in "${SANDBOXED[@]}"; do
        [[ -f $UNITS/pronemat-$name.service ]] || continue
        put "$from/units/sandbox.conf" "$UNITS/pronemat-$name.service.d/10-sandbox.conf"
    done
    local source=demo.conf
    if chosen hardware; then
        source=mat.conf
        put "$from/etc/i2c-bus.conf" "$UNITS/dev-i2c\\x2d1.device.d/pronemat.conf"
        put "$from/etc/modules.conf" /etc/modules-load.d/pronemat.conf
        put "$from/etc/watchdog.conf" /etc/systemd/system.conf.d/pronemat.conf
    fi
    for name in device safe; do
        put "$from/units/$source" "$UNITS/pronemat-$name.service.d/20-source.conf"
    done
    if (($(systemd_version) >= 254)); then
        for name in device web; do
            put "$from/units/restart.conf" "$UNITS/pronemat-$name.service.d/30-restart.conf"
        done
    fi
    put "$from/etc/60-pronemat.rules" /etc/udev/rules.d/60-pronemat.rules
    put "$from/etc/journald.conf" /etc/systemd/journald.conf.d/pronemat.conf
    if chosen kiosk; then
        put "$from/etc/chromium.json" /etc/chromium/policies/managed/pronemat.json
        put "$from/etc/chromium.json" /etc/chromium-browser/policies/managed/pronemat.json
    fi
    if chosen proxy; then
        put "$from/etc/Caddyfile" "$CONFIG/Caddyfile"
    fi
    put "$from/pronemat" /usr/local/bin/pronemat 0755
}

# Make the release in $1 the one that the units run.
switch_to() {
    ln -sfn "$1" "$CURRENT.new"
    mv -fT "$CURRENT.new" "$CURRENT"
}

enabled_units() {
    printf '%s\n' pronemat.target pronemat-device.service pronemat-web.service pronemat-backup.timer
    if chosen kiosk; then echo pronemat-kiosk.service; fi
    if chosen proxy; then echo pronemat-proxy.service; fi
}

stop_services() {
    booted || return 0
    systemctl stop pronemat-kiosk pronemat-proxy pronemat-web pronemat-web-safe \
        pronemat-device pronemat-safe \
        2> /dev/null || true
}

start_services() {
    booted || return 0
    quietly systemctl daemon-reload
    systemctl reset-failed 'pronemat*' 2> /dev/null || true
    # Not waited for here: whether all is well is asked of the product itself.
    systemctl start --no-block pronemat.target
    enabled_units | grep -v target | xargs systemctl start --no-block
}

# Whether the product is well: the daemon sees frames, not in safe mode, and the page is served.
healthy() {
    local until=$((SECONDS + HEALTHY_WITHIN_S))
    while ((SECONDS < until)); do
        if systemctl -q is-active pronemat-device pronemat-web &&
            "$CURRENT/systemd/healthy"; then
            return 0
        fi
        sleep 1
    done
    return 1
}

#!/usr/bin/env bash
# Makes sure the Debian packages needed to run (or test) are there. Usage: system_packages.sh run|test
# Installs what is missing where it may (root or sudo without a password); else says what to install.
set -euo pipefail

wanted=(
    libsqlite3-mod-spatialite  # the embedded database's geography
    libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0  # letters as PDF
    fonts-liberation2  # the first fonts-liberation has no Vietnamese letters
)
if [[ "${1:-}" == test ]]; then
    wanted+=(
        postgresql-15-postgis-3  # the server database, in a throw-away cluster
        chromium fonts-noto-core  # journeys in a real browser
        poppler-utils  # printed letters as pictures, to be measured
        libimage-exiftool-perl  # an independent reader of photo metadata
    )
elif [[ "${1:-}" != run ]]; then
    echo "usage: $0 run|test" >&2
    exit 2
fi

if ! command -v dpkg-query >/dev/null; then
    echo "Not a Debian system: please see to the equivalents of: ${wanted[*]}" >&2
    exit 0
fi

# Debian's own Python comes without the part that makes environments.
if [[ ! -x .venv/bin/python ]] && ! "$(dirname "$0")/find_python.sh" --can-make-venv; then
    wanted+=(python3-venv)
fi

missing=()
for package in "${wanted[@]}"; do
    status=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
    [[ "$status" == installed ]] || missing+=("$package")
done
((${#missing[@]})) || exit 0

command="apt-get install --yes --no-install-recommends ${missing[*]}"
if ((EUID == 0)); then
    as_root=(env)
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root=(sudo -n env)
else
    echo "Missing Debian packages; please run: sudo $command" >&2
    exit 1
fi

install_missing() {
    # The time-out waits for another apt that holds the lock.
    "${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 --quiet=2 update &&
        "${as_root[@]}" DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 --quiet=2 \
            -o Dpkg::Use-Pty=0 install --yes --no-install-recommends "${missing[@]}" >/dev/null
}

echo "Installing Debian packages: ${missing[*]}"
if ! install_missing; then
    echo "apt did not succeed; trying once more in 10 seconds" >&2
    sleep 10
    if ! install_missing; then
        echo "Missing Debian packages; please run: sudo $command" >&2
        exit 1
    fi
fi

#!/usr/bin/env bash
# Writes requirements/*.lock: exact versions with hashes, and nothing that names a host or a folder.
# Versions already locked are kept; --upgrade takes the newest that pyproject.toml allows.
set -euo pipefail

lock() {
    local target="requirements/$1.lock"
    shift
    local drawn
    drawn=$(mktemp)
    # uv prefers the versions it finds in its output file.
    [[ ! -f "$target" ]] || cp "$target" "$drawn"
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
        --no-header --no-annotate --no-emit-index-url "$@" --output-file "$drawn"
    {
        echo "# Written by \`make locks\`; do not edit. Every package is checked against these hashes."
        cat "$drawn"
    } >"$target"
    rm "$drawn"
}

lock installer "$@" requirements/installer.in
lock run "$@" pyproject.toml
lock dev "$@" --constraints requirements/run.lock requirements/dev.in
lock node "$@" requirements/node.in

#!/usr/bin/env bash
# Runs a command with Node 20 or newer on the path: the machine's own, else one put into .venv.
set -euo pipefail

node_is_new_enough() {
    command -v npm >/dev/null &&
        node -e 'process.exit(Number(process.versions.node.split(".")[0]) >= 20 ? 0 : 1)' 2>/dev/null
}

if ! node_is_new_enough; then
    if [[ ! -x .venv/bin/npm ]]; then
        .venv/bin/uv pip install --quiet --python .venv/bin/python --require-hashes \
            --only-binary :all: --requirement requirements/node.lock
    fi
    PATH="$PWD/.venv/bin:$PATH"
    export PATH
fi
NPM_CONFIG_UPDATE_NOTIFIER=false exec "$@"

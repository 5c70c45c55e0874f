#!/usr/bin/env bash
# Makes .venv and puts the installer (uv, hash-checked) into it.
set -euo pipefail

python=$("$(dirname "$0")/find_python.sh")
[[ -x .venv/bin/python ]] || "$python" -m venv .venv
.venv/bin/python -m pip install --quiet --disable-pip-version-check --only-binary :all: \
    --require-hashes --requirement requirements/installer.lock

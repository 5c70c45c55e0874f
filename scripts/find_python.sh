#!/usr/bin/env bash
# Prints the first Python of at least 3.11 (PYTHON= is tried first).
# With --can-make-venv prints nothing and answers whether that Python can make environments.
set -euo pipefail

for candidate in ${PYTHON:-} python3 python3.14 python3.13 python3.12 python3.11; do
    if "$candidate" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then
        if [[ "${1:-}" == --can-make-venv ]]; then
            exec "$candidate" -c 'import ensurepip, venv' 2>/dev/null
        fi
        command -v "$candidate"
        exit 0
    fi
done
[[ "${1:-}" == --can-make-venv ]] || echo "Python 3.11 or newer is needed; PYTHON=/path/to/python3 names one that is not on the path." >&2
exit 1

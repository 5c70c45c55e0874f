#!/usr/bin/env bash
# Installs a wheel into an empty environment outside the source tree, makes a database there and
# asks the server for pages. Usage: check_wheel.sh FILE.whl
set -euo pipefail

wheel=$(realpath "$1")
project=$PWD
port=${PORT:-8099}
place=$(mktemp -d)
server=
finish() {
    [[ -z "$server" ]] || kill "$server" 2>/dev/null || true
    wait
    rm -rf "$place"
}
trap finish EXIT

"$("$project/scripts/find_python.sh")" -m venv "$place/venv"
install=(.venv/bin/uv pip install --quiet --python "$place/venv/bin/python")
"${install[@]}" --require-hashes -r requirements/installer.lock
"${install[@]}" --require-hashes --no-build-isolation-package flask-principal -r requirements/run.lock
# Without an index this succeeds only when the locked packages satisfy what the wheel asks for.
"$place/venv/bin/pip" install --quiet --disable-pip-version-check --no-index "$wheel"

cd "$place"
export MATXANH_DATA_DIR="$place/data"
mkdir data
venv/bin/flask --app webapp.app db upgrade
venv/bin/flask --app webapp.app reference load
venv/bin/gunicorn webapp.wsgi:app --bind "127.0.0.1:$port" --worker-class gthread --threads 4 \
    --no-control-socket --log-level warning &
server=$!

venv/bin/python "$project/scripts/ask_pages.py" "http://127.0.0.1:$port" \
    /healthz /readyz / /gui-phan-anh /tra-cuu /vu-viec /ket-qua /so-lieu
echo "The wheel runs by itself."

#!/usr/bin/env bash
# Runs the tests with third-party clients, in Python, against the real program. The clients are installed in a
# virtual environment below target/. Usage: scripts/client-tests.sh target/release/clearline [pytest arguments]
set -euo pipefail

CLEARLINE_PROGRAM=$(realpath "${1:?missing program}")
export CLEARLINE_PROGRAM
shift
cd "$(dirname "$0")/../tests/clients"
venv=../../target/tools/clients
if ! cmp -s requirements.txt "$venv/installed.txt"; then
    rm -rf "$venv"
    python3 -m venv "$venv"
    "$venv/bin/pip" install --quiet --disable-pip-version-check --requirement requirements.txt
    cp requirements.txt "$venv/installed.txt"
fi
exec "$venv/bin/python" -m pytest -p no:cacheprovider --quiet "$@"

#!/usr/bin/env bash
# Runs tests of web/ against the real program, with the demonstration in a temporary store, on a free port.
# Usage: scripts/web-tests.sh target/release/clearline test:map|test:forms
set -euo pipefail

program=$(realpath "${1:?missing program}")
tests=${2:?missing script of web/package.json}
cd "$(dirname "$0")/.."
work=$(mktemp -d)
store=$work/tests.gpkg

finish() {
    local status=$?
    if [ -n "${server-}" ]; then
        kill -TERM "$server" 2>/dev/null && wait "$server" || true
    fi
    if [ "$status" -ne 0 ] && [ -s "$work/server.log" ]; then
        echo "--- server log ---" >&2
        tail -n 40 "$work/server.log" >&2
    fi
    rm -rf "$work"
    exit "$status"
}
trap finish EXIT

# The first line of output has the server's address. Reading it from a pipe avoids polling.
mkfifo "$work/said"
"$program" serve --store "$store" --listen 127.0.0.1:0 --demo >"$work/said" 2>"$work/server.log" &
server=$!
exec 3<"$work/said"
url=
while [ -z "$url" ] && IFS= read -r -t 60 line <&3; do
    url=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' <<<"$line" || true)
done
if [ -z "$url" ]; then
    echo "the server did not print its address" >&2
    exit 1
fi
cat <&3 >>"$work/server.log" &

CLEARLINE_TOKEN=$("$program" token create --role admin --name 'tests of web' --store "$store")
export CLEARLINE_TOKEN CLEARLINE_URL=$url
npm --prefix web run "$tests"

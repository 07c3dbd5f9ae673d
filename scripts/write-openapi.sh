#!/usr/bin/env bash
# Writes the API description as the program serves it, and generates the page's types and texts from it and from the
# field table.
# Usage: scripts/write-openapi.sh target/release/clearline
set -euo pipefail

program=$(realpath "${1:?missing program}")
cd "$(dirname "$0")/.."
work=$(mktemp -d)
mkfifo "$work/said"
"$program" serve --store "$work/openapi.gpkg" --listen 127.0.0.1:0 >"$work/said" 2>/dev/null &
server=$!
trap 'kill -TERM "$server"; wait "$server" || true; rm -rf "$work"' EXIT
exec 3<"$work/said"
IFS= read -r -t 60 line <&3
url=$(grep -oE 'http://127\.0\.0\.1:[0-9]+' <<<"$line")
curl -fsS "$url/api" | python3 -c '
import json, sys
api = json.load(sys.stdin)
api["servers"][0]["url"] = "/"
json.dump(api, sys.stdout, indent=1, ensure_ascii=False)
print()
' >docs/openapi.json
npm --prefix web run types
cargo build --release --locked --quiet --workspace --example field_texts
for collection in detections accidents; do
    "${CARGO_TARGET_DIR:-target}/release/examples/field_texts" "$collection" >"web/src/collections/$collection/fields.ts"
done

#!/usr/bin/env bash
# Measures the time of tiles without other load, with 1,000 open maps, and with 100 uploads a second
# as well: scripts/bench-events.sh CLEARLINE STORE [SECONDS]. Needs wrk and curl. Writes to a copy of
# the store, for which the folder for temporary files must have room.
set -eu
clearline=$1 store=$2 seconds=${3:-10}
address=127.0.0.1:18803
folder=$(mktemp -d)
children=
end() {
    for child in $children; do kill "$child" 2>/dev/null || true; done
    rm -rf "$folder"
}
trap end EXIT INT TERM
cp "$store" "$folder/store.gpkg"
ulimit -n "$(ulimit -Hn)"

# All maps are open on this machine and therefore share one address.
printf '[limits]\nconnections_of_address = 2000\n' >"$folder/clearline.toml"
"$clearline" serve --store "$folder/store.gpkg" --config "$folder/clearline.toml" --listen $address >/dev/null 2>&1 &
children=$!
tries=0
until curl -sf "http://$address/readyz" >/dev/null; do
    tries=$((tries + 1))
    [ $tries -lt 300 ] || { echo "the server did not start" >&2; exit 1; }
    sleep 0.2
done
token=$("$clearline" token create --role manager --everywhere --name load --store "$folder/store.gpkg")

# Fifty readers request twenty tiles a second each, of zooms 9 to 12.
cat >"$folder/tiles.lua" <<'LUA'
function init() math.randomseed(7) end
function delay() return 50 end
function request()
  local z = math.random(9, 12)
  local x, y = math.floor((226.3 + math.random() * 0.8) / 360 * 2 ^ z), math.floor((0.3785 + math.random() * 0.002) * 2 ^ z)
  return wrk.format("GET", string.format("/tiles/detections/%d/%d/%d.mvt", z, x, y), { ["accept-encoding"] = "br" })
end
LUA
# Four clients upload twenty-five single records a second each, spread over the districts.
cat >"$folder/uploads.lua" <<'LUA'
local n
function init()
  math.randomseed(7)
  n = os.time() * 1000
end
function delay() return 40 end
function request()
  n = n + 1
  local body = string.format('{"type":"Feature","id":"018f3c1e-7a44-7cc1-9d5e-%012x","geometry":{"type":"Point",'
    .. '"coordinates":[%.6f,%.6f]},"properties":{"kind":"ap_mine","quantity":1,"detected_on":"2023-03-14"}}',
    n, 46.0 + math.random(), 39.3 + math.random())
  return wrk.format("POST", "/collections/detections/items",
    { ["content-type"] = "application/geo+json", authorization = "Bearer " .. os.getenv("TOKEN") }, body)
end
LUA
tiles() {
    wrk -t1 -c50 -d"$seconds"s --latency -s "$folder/tiles.lua" "http://$address" |
        awk -v what="$1" '/50%|99%/ {a[$1] = $2} /requests in/ {n = $1} /Non-2xx/ {n = n ", failed: " $NF} END {printf "| %s | %s | %s | %s |\n", what, n, a["50%"], a["99%"]}'
}

printf '| | tiles | p50 | p99 |\n|---|---|---|---|\n'
tiles 'first run' # fills the cache
tiles 'no other load'
for _ in 1 2 3 4; do
    curl -sN --parallel --parallel-immediate --parallel-max 250 "http://$address/events#[1-250]" >>"$folder/told" 2>/dev/null &
    children="$children $!"
done
sleep 3
tiles '1,000 open maps'
TOKEN=$token wrk -t1 -c4 -d"$((seconds + 4))"s -s "$folder/uploads.lua" "http://$address" >"$folder/uploads" &
uploads=$!
sleep 2
tiles '1,000 open maps and 100 uploads a second'
wait $uploads
sleep 1
awk '/requests in/ {n = $1} /Non-2xx/ {n = n ", failed: " $NF} END {print "\nuploads: " n}' "$folder/uploads"
# curl interleaves the streams in one file.
echo "events received: $(grep -c '^event: revision' "$folder/told"), of which the last revision: $(grep -c "^id: $(curl -s "http://$address/readyz" | sed 's/.*"revision":\([0-9]*\).*/\1/')\$" "$folder/told")"

#!/bin/sh
# Cached answers and 304s beside a plain axum handler that returns the same bytes with the same
# headers, in one run: scripts/bench-http.sh CLEARLINE STORE [SECONDS]. It needs wrk, curl and
# `cargo build --release --locked --workspace --examples`, and reads the store only.
set -eu
clearline=$1 store=$2 seconds=${3:-3}
folder=$(cd "$(dirname "$0")/.." && pwd)
ours=127.0.0.1:18801 theirs=127.0.0.1:18802
set -- /tiles/detections/0/0/0.mvt /tiles/detections/7/80/48.mvt /tiles/detections/9/322/194.mvt \
    /tiles/regions/7/80/48.mvt '/tiles/detections/9/322/194.mvt?datetime=2021-01-01/2022-06-30&status=detected&kind=ap_mine'

"$clearline" serve --store "$store" --listen $ours >/dev/null 2>&1 &
server=$!
plain=
trap 'kill $server $plain 2>/dev/null || true' EXIT INT TERM
tries=0
until curl -sf "http://$ours/readyz" >/dev/null; do
    tries=$((tries + 1))
    [ $tries -lt 300 ] || { echo "the server does not start" >&2; exit 1; }
    sleep 0.2
done
"$folder/target/release/examples/plain" $theirs $ours "$@" >/dev/null &
plain=$!
tries=0
until curl -s "http://$theirs/" >/dev/null; do
    tries=$((tries + 1))
    [ $tries -lt 50 ] || { echo "the plain handler does not start" >&2; exit 1; }
    sleep 0.1
done

# Requests a second.
rate() { # URL HEADER...
    url=$1
    shift
    wrk -t1 -c16 -d"$seconds"s "$@" "$url" | awk '/Requests\/sec/ {print int($2)} /Non-2xx/ {print > "/dev/stderr"}'
}

# Both in turn, five times; the best of each, so that a busy moment of the machine counts less.
measure() { # PLAIN_URL URL HEADER...
    plain_url=$1 url=$2 best_plain=0 best=0
    shift 2
    for _ in 1 2 3 4 5; do
        now=$(rate "$plain_url" "$@")
        [ "$now" -gt "$best_plain" ] && best_plain=$now
        now=$(rate "$url" "$@")
        [ "$now" -gt "$best" ] && best=$now
    done
    echo "$best_plain $best" | awk '{printf "%d | %d | %.2f", $1, $2, $1 / $2}'
}

printf '| path | coding | bytes | plain, requests/s | Clearline, requests/s | times slower |\n|---|---|---|---|---|---|\n'
number=0
for path in "$@"; do
    for coding in identity gzip br zstd; do
        bytes=$(curl -s -o /dev/null -w '%{size_download}' -H "accept-encoding: $coding" "http://$ours$path")
        row=$(measure "http://$theirs/$coding/$number" "http://$ours$path" -H "accept-encoding: $coding")
        echo "| $path | $coding | $bytes | $row |"
    done
    etag=$(curl -s -o /dev/null -D - -H 'accept-encoding: br' "http://$ours$path" | tr -d '\r' | sed -n 's/^etag: //p')
    row=$(measure "http://$theirs/br/$number" "http://$ours$path" -H 'accept-encoding: br' -H "if-none-match: $etag")
    echo "| $path | 304 | 0 | $row |"
    number=$((number + 1))
done

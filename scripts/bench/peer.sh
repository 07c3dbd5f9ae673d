#!/usr/bin/env bash
# Installs and runs the peers that Clearline is compared with: PostgreSQL with PostGIS, and Martin and tipg, which serve
# tiles and features from it.
#
# They are in BENCH_DIR (/tmp/clearline-bench), separate from any PostgreSQL of the machine. PostgreSQL listens only on
# the loopback address, on BENCH_PG_PORT. Usage: scripts/bench/peer.sh install | start | stop | load RECORDS
set -euo pipefail
cd "$(dirname "$0")/../.."

readonly BENCH_DIR=${BENCH_DIR:-/tmp/clearline-bench}
readonly PORT=${BENCH_PG_PORT:-54329}
readonly CLUSTER=$BENCH_DIR/postgres
readonly SQL=scripts/bench/peer
readonly MARTIN_VERSION=1.10.1
readonly TIPG_VERSION=1.6.1

say() { printf '==> %s\n' "$*" >&2; }

postgres_programs() { find /usr/lib/postgresql -mindepth 2 -maxdepth 2 -name bin 2>/dev/null | sort -V | tail -n 1; }

# PostgreSQL refuses to run as root.
as_postgres() {
    if [ "$(id -u)" -eq 0 ]; then runuser -u postgres -- "$@"; else "$@"; fi
}

sql() { psql --host 127.0.0.1 --port "$PORT" --username postgres --quiet --no-psqlrc --set ON_ERROR_STOP=1 "$@"; }

install_packages() {
    local wanted=(postgresql-15 postgresql-15-postgis-3 wrk) missing=() package
    for package in "${wanted[@]}"; do
        dpkg-query --show --showformat '${Status}' "$package" 2>/dev/null | grep -q ' installed$' || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "Installing ${missing[*]}"
    apt-get update --quiet=2
    DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet=2 --no-install-recommends "${missing[@]}"
}

# The features besides postgres enable parts of tokio: without them 1.10.1 does not compile.
install_martin() {
    [ ! -x "$BENCH_DIR/tools/bin/martin" ] || return 0
    say "Building Martin $MARTIN_VERSION, which takes some minutes"
    CARGO_TARGET_DIR=$BENCH_DIR/tools/martin-target cargo install martin --version "$MARTIN_VERSION" --locked \
        --no-default-features --features postgres,styles,lambda --root "$BENCH_DIR/tools"
    rm -rf "$BENCH_DIR/tools/martin-target"
}

install_tipg() {
    [ ! -x "$BENCH_DIR/tools/tipg/bin/uvicorn" ] || return 0
    say "Installing tipg $TIPG_VERSION"
    python3 -m venv "$BENCH_DIR/tools/tipg"
    "$BENCH_DIR/tools/tipg/bin/pip" install --quiet --disable-pip-version-check "tipg==$TIPG_VERSION" uvicorn
}

# Settings for a machine with 2 cores and some 20 GiB. Just-in-time compilation stays on, which is the default: it helps
# when millions of rows are read, and small tiles do not reach its threshold (the step `jit` measures both).
make_cluster() {
    local bin
    bin=$(postgres_programs)
    say "Creating a cluster in $CLUSTER"
    mkdir -p "$CLUSTER"
    [ "$(id -u)" -ne 0 ] || chown postgres: "$CLUSTER"
    as_postgres "$bin/initdb" --pgdata "$CLUSTER" --username postgres --auth trust --encoding UTF8 --locale C >&2
    as_postgres tee --append "$CLUSTER/postgresql.conf" >/dev/null <<CONF
listen_addresses = '127.0.0.1'
port = $PORT
unix_socket_directories = '$CLUSTER'
shared_buffers = 2GB
effective_cache_size = 8GB
work_mem = 256MB
maintenance_work_mem = 1GB
wal_level = minimal
max_wal_senders = 0
max_wal_size = 2GB
checkpoint_timeout = 30min
random_page_cost = 1.1
max_parallel_workers = 2
max_parallel_workers_per_gather = 2
max_parallel_maintenance_workers = 2
CONF
}

start() {
    local bin
    bin=$(postgres_programs)
    [ -e "$CLUSTER/PG_VERSION" ] || make_cluster
    if as_postgres "$bin/pg_ctl" status --pgdata "$CLUSTER" >/dev/null 2>&1; then return; fi
    as_postgres "$bin/pg_ctl" start --wait --pgdata "$CLUSTER" --log "$CLUSTER/log" >&2
}

stop() {
    local bin
    bin=$(postgres_programs)
    if as_postgres "$bin/pg_ctl" status --pgdata "$CLUSTER" >/dev/null 2>&1; then
        as_postgres "$bin/pg_ctl" stop --pgdata "$CLUSTER" --mode fast >&2
    fi
}

# Creates a database with this many records, unless it exists.
load() {
    local records=$1 database=made_$1
    start
    if sql --dbname postgres --tuples-only --command "SELECT datname FROM pg_database" | grep -qw "$database"; then
        say "$database exists"
        return
    fi
    say "Loading $records records into $database"
    # Use a temporary name until complete.
    sql --dbname postgres --command "DROP DATABASE IF EXISTS loading" --command "CREATE DATABASE loading"
    sql --dbname loading --file "$SQL/schema.sql"
    target/release/examples/made_records --records "$records" --copy /dev/stdout |
        sql --dbname loading --command "COPY detections FROM STDIN"
    local file
    for file in indexes tiles cells; do sql --dbname loading --file "$SQL/$file.sql"; done
    sql --dbname postgres --command "CHECKPOINT" --command "ALTER DATABASE loading RENAME TO $database"
}

case ${1-} in
install)
    mkdir -p "$BENCH_DIR/tools"
    install_packages
    install_martin
    install_tipg
    ;;
start) start ;;
stop) stop ;;
load) load "${2:?missing number of records}" ;;
*)
    echo "usage: scripts/bench/peer.sh install | start | stop | load RECORDS" >&2
    exit 2
    ;;
esac

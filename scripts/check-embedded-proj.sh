#!/usr/bin/env bash
# Verifies that PROJ was compiled to read only its embedded database: a proj.db on the machine, possibly of
# another version, would break every coordinate reference system. Usage: check-embedded-proj.sh target/release
set -euo pipefail

shopt -s nullglob
caches=("${1:?missing build directory}"/build/proj-sys-*/out/build/CMakeCache.txt)
if [ "${#caches[@]}" -eq 0 ]; then
    echo "no proj-sys build in $1" >&2
    exit 1
fi
for cache in "${caches[@]}"; do
    for option in EMBED_RESOURCE_FILES USE_ONLY_EMBEDDED_RESOURCE_FILES; do
        if ! grep -qE "^$option:[A-Z]+=(ON|TRUE|1)$" "$cache"; then
            echo "$cache: $option is not set; was .cargo/config.toml read?" >&2
            exit 1
        fi
    done
done
echo "PROJ reads its embedded database only"

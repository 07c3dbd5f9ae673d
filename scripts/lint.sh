#!/usr/bin/env bash
# Lints the files that are neither Rust nor TypeScript: the shell scripts, the Dockerfile and docker-compose.yml.
set -euo pipefail
cd "$(dirname "$0")/.."

bin=target/tools/lint/bin
"$bin/shellcheck" --severity=style scripts/*.sh scripts/bench/*.sh .ci/run
"$bin/hadolint" --failure-threshold info Dockerfile
"$bin/yamllint" --strict --config-data '{extends: default, rules: {line-length: {max: 120}, document-start: disable}}' docker-compose.yml
"$bin/check-jsonschema" --builtin-schema vendor.compose-spec docker-compose.yml

#!/usr/bin/env bash
# Lints the files that are neither Rust nor TypeScript, and the wording of all: the shell scripts, the Dockerfile,
# docker-compose.yml, phrases that reviews removed, and lines of documents that are too long.
set -euo pipefail
cd "$(dirname "$0")/.."

bin=target/tools/lint/bin
"$bin/shellcheck" --severity=style scripts/*.sh scripts/bench/*.sh .ci/run
"$bin/hadolint" --failure-threshold info Dockerfile
"$bin/yamllint" --strict --config-data '{extends: default, rules: {line-length: {max: 120}, document-start: disable}}' docker-compose.yml
"$bin/check-jsonschema" --builtin-schema vendor.compose-spec docker-compose.yml
python3 scripts/check-words.py

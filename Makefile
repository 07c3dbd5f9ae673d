# Developer commands. `make help` lists them.

STORE  ?= var/clearline.gpkg
LISTEN ?= 127.0.0.1:8080
RECORDS ?= 1000000
SEED    ?= 17

# Prefer the tools that setup fetched for this clone, then Rust as installed by rustup, then the system's.
export PATH := $(CURDIR)/target/tools/node/bin:$(or $(CARGO_HOME),$(HOME)/.cargo)/bin:$(PATH)
export CARGO_TARGET_DIR := $(CURDIR)/target

SAY       = @printf '\n\033[1m==> %s\033[0m\n'
CLEARLINE = target/release/clearline
DENY      = target/tools/deny/bin/cargo-deny
WEB_INPUT := $(shell find web -mindepth 1 -type d \( -name node_modules -o -name dist -o -name tests \) -prune -o -print 2>/dev/null)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run build test check soak bench bench-peers openapi clean setup-build setup-test setup-check \
        program program-and-tests test-rust test-beside test-doc test-web test-forms test-histories test-browser test-clients test-qgis \
        check-dependencies check-rust check-web check-openapi check-files advisories

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@printf '\n  STORE=%s LISTEN=%s can be set for make run, RECORDS=%s for make bench.\n' '$(STORE)' '$(LISTEN)' '$(RECORDS)'

run: build ## install missing tools, build, and serve the map on http://127.0.0.1:8080
	$(SAY) 'Serving http://$(LISTEN) from $(STORE); Ctrl-C stops'
	@mkdir -p '$(dir $(STORE))'
	@exec $(CLEARLINE) serve --store '$(STORE)' --listen '$(LISTEN)' --demo

build: setup-build program ## build the program with the embedded map

test: setup-test program-and-tests test-rust test-beside test-browser ## install the tools for the tests and run all tests

check: setup-check check-dependencies check-rust check-web check-openapi check-files ## check formatting and run all linters

soak: setup-test program ## play 10,000 generated histories of phones on bad networks; SEED=n selects them
	CLEARLINE_HISTORIES=10000 CLEARLINE_SEED=$(SEED) scripts/web-tests.sh $(CLEARLINE) test:histories

bench: setup-build web/dist/index.html ## run the benchmarks; BENCH=name runs those whose name contains it
	CLEARLINE_BENCH_RECORDS=$(RECORDS) cargo bench --locked --workspace --benches -- $(BENCH)

bench-peers: setup-build program ## measure over HTTP against PostGIS and Martin, on Debian; takes half an hour
	cargo build --release --locked -p clearline -p server --bins --examples
	scripts/bench/peer.sh install
	python3 scripts/bench prepare 1m 10m
	python3 scripts/bench measure 1m 10m
	python3 scripts/bench report
	scripts/bench/peer.sh stop

openapi: setup-build program web/node_modules/.package-lock.json ## generate docs/openapi.json and the page's types from the program
	scripts/write-openapi.sh $(CLEARLINE)

clean: ## remove all build output; keeps the stores in var/
	rm -rf target web/dist web/node_modules tests/openapi/node_modules

setup-build setup-test setup-check: setup-%:
	@scripts/setup.sh $*

# Use one cargo profile for running, testing and checking, so that PROJ and SQLite are compiled once.

program: web/dist/index.html
	$(SAY) 'Building clearline (the first build takes some minutes, because it compiles PROJ)'
	cargo build --release --locked -p clearline

# The tests enable more features of some libraries than the program alone. One command builds every crate only once.
program-and-tests: web/dist/index.html
	$(SAY) 'Building clearline and its tests (the first build takes some minutes, because it compiles PROJ)'
	cargo build --release --locked --workspace --bins --tests

test-rust: program-and-tests
	$(SAY) 'Rust tests, including black-box tests of the program'
	@if command -v cargo-nextest >/dev/null; then \
	    set -x; cargo nextest run --release --locked --workspace; \
	else \
	    set -x; cargo test --release --locked --workspace --lib --bins --tests; \
	fi

# Third-party clients keep one core busy, the other tests the second one.
test-beside: program-and-tests
	@$(MAKE) --no-print-directory test-clients test-qgis >target/test-clients.log 2>&1 & clients=$$!; \
	$(MAKE) --no-print-directory test-doc test-web test-forms test-histories; others=$$?; \
	wait $$clients; clients=$$?; cat target/test-clients.log; [ $$others -eq 0 ] && [ $$clients -eq 0 ]

test-doc: web/dist/index.html
	$(SAY) 'Documentation examples'
	cargo test --release --locked --workspace --doc

test-clients: program-and-tests
	$(SAY) 'Third-party clients: OWSLib, pyogrio, schemathesis, and CQL2 compared with SQLite'
	scripts/client-tests.sh $(CLEARLINE)

test-qgis: program-and-tests
	$(SAY) 'QGIS, headless'
	CLEARLINE_PROGRAM=$(CLEARLINE) /usr/bin/python3 tests/qgis/test_qgis.py

test-web: web/node_modules/.package-lock.json
	$(SAY) 'Unit tests of the map'
	npm --prefix web run test

test-forms: program-and-tests
	$(SAY) 'The ODK Collect forms, filled in by its own engine'
	scripts/web-tests.sh $(CLEARLINE) test:forms

test-histories: program-and-tests
	$(SAY) 'Generated histories: the field page, a manager and bad networks against one server'
	scripts/web-tests.sh $(CLEARLINE) test:histories

# Two lanes that take about as long as each other: the field page's tests mostly wait, the map's mostly draw.
test-browser: program-and-tests
	$(SAY) 'The map and the field page in real browsers'
	@(set -xe; scripts/web-tests.sh $(CLEARLINE) test:field; scripts/web-tests.sh $(CLEARLINE) test:time) \
	    >target/test-field.log 2>&1 & field=$$!; \
	(set -x; scripts/web-tests.sh $(CLEARLINE) test:map); map=$$?; \
	wait $$field; field=$$?; cat target/test-field.log; [ $$map -eq 0 ] && [ $$field -eq 0 ]

check-rust: web/dist/index.html
	$(SAY) 'Formatting and linting the Rust code'
	cargo fmt --all --check
	cargo clippy --release --locked --workspace --all-targets -- -D warnings
	scripts/check-embedded-proj.sh target/release

check-dependencies:
	$(SAY) 'Licenses and sources of the dependencies'
	$(DENY) --log-level error check bans licenses sources

advisories: setup-check ## look for known vulnerabilities in the dependencies; needs the network
	$(DENY) check advisories

check-web: web/node_modules/.package-lock.json
	$(SAY) 'Types, linting and style of the map'
	npm --prefix web run check

check-openapi: tests/openapi/node_modules/.package-lock.json
	$(SAY) 'The API description, with Redocly and Spectral'
	npm --prefix tests/openapi run check

check-files:
	$(SAY) 'Shell scripts, Dockerfile, docker-compose.yml and wording'
	scripts/lint.sh

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	$(SAY) 'Fetching the packages of the map'
	npm --prefix web ci --no-audit --no-fund
	@touch $@

tests/openapi/node_modules/.package-lock.json: tests/openapi/package.json tests/openapi/package-lock.json
	npm --prefix tests/openapi ci
	@touch $@

web/dist/index.html: web/node_modules/.package-lock.json $(WEB_INPUT)
	$(SAY) 'Building the map'
	npm --prefix web run build
	@touch $@

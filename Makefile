# The commands a newcomer needs. `make help` lists them.

STORE  ?= var/clearline.gpkg
LISTEN ?= 127.0.0.1:8080
RECORDS ?= 1000000
SEED    ?= 17

# What setup fetched for this clone comes first, then Rust as rustup installs it, then the machine's own.
export PATH := $(CURDIR)/target/tools/node/bin:$(or $(CARGO_HOME),$(HOME)/.cargo)/bin:$(PATH)
export CARGO_TARGET_DIR := $(CURDIR)/target

SAY       = @printf '\n\033[1m==> %s\033[0m\n'
CLEARLINE = target/release/clearline
WEB_INPUT := $(shell find web -mindepth 1 -type d \( -name node_modules -o -name dist -o -name tests \) -prune -o -print 2>/dev/null)

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
.NOTPARALLEL:
.PHONY: help run build test check soak bench bench-peers openapi clean setup-build setup-test setup-check \
        program program-and-tests test-rust test-beside test-doc test-web test-forms test-histories test-browser test-clients test-qgis \
        check-rust check-web check-openapi check-files

help: ## list these commands
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)
	@printf '\n  STORE=%s LISTEN=%s may be given to make run, RECORDS=%s to make bench.\n' '$(STORE)' '$(LISTEN)' '$(RECORDS)'

run: build ## install what is missing, build, and serve the map on http://127.0.0.1:8080
	$(SAY) 'Serving http://$(LISTEN) from $(STORE); Ctrl-C stops'
	@mkdir -p '$(dir $(STORE))'
	@exec $(CLEARLINE) serve --store '$(STORE)' --listen '$(LISTEN)' --demo

build: setup-build program ## build the program, with the map inside it

test: setup-test program-and-tests test-rust test-beside test-browser ## install what tests need and run them all

check: setup-check check-rust check-web check-openapi check-files ## formatting and lints of everything

soak: setup-test program ## play 10,000 histories of phones on bad networks; SEED=n chooses which
	CLEARLINE_HISTORIES=10000 CLEARLINE_SEED=$(SEED) scripts/web-tests.sh $(CLEARLINE) test:histories

bench: setup-build web/dist/index.html ## run the benchmarks; BENCH=name runs those whose name holds it
	CLEARLINE_BENCH_RECORDS=$(RECORDS) cargo bench --locked --workspace --benches -- $(BENCH)

bench-peers: setup-build program ## measure over HTTP beside PostGIS and Martin, on Debian; half an hour
	cargo build --release --locked -p clearline -p server --bins --examples
	scripts/bench/peer.sh install
	python3 scripts/bench prepare 1m 10m
	python3 scripts/bench measure 1m 10m
	python3 scripts/bench report
	scripts/bench/peer.sh stop

openapi: setup-build program web/node_modules/.package-lock.json ## write docs/openapi.json and the page's types from the program
	scripts/write-openapi.sh $(CLEARLINE)

clean: ## remove everything that was built; stores in var/ stay
	rm -rf target web/dist web/node_modules tests/openapi/node_modules

setup-build setup-test setup-check: setup-%:
	@scripts/setup.sh $*

# One cargo profile for running, testing and checking, so that PROJ and SQLite are compiled once.

program: web/dist/index.html
	$(SAY) 'Building clearline (the first time takes some minutes: PROJ is compiled too)'
	cargo build --release --locked -p clearline

# The tests want more of some libraries than the program alone does: built in one command, all crates are built once.
program-and-tests: web/dist/index.html
	$(SAY) 'Building clearline and its tests (the first time takes some minutes: PROJ is compiled too)'
	cargo build --release --locked --workspace --bins --tests

test-rust: program-and-tests
	$(SAY) 'Rust tests, and black-box tests of the program'
	@if command -v cargo-nextest >/dev/null; then \
	    set -x; cargo nextest run --release --locked --workspace; \
	else \
	    set -x; cargo test --release --locked --workspace --lib --bins --tests; \
	fi

# The programs of others keep one core busy, the rest the other.
test-beside: program-and-tests
	@$(MAKE) --no-print-directory test-clients test-qgis >target/test-clients.log 2>&1 & clients=$$!; \
	$(MAKE) --no-print-directory test-doc test-web test-forms test-histories; others=$$?; \
	wait $$clients; clients=$$?; cat target/test-clients.log; [ $$others -eq 0 ] && [ $$clients -eq 0 ]

test-doc: web/dist/index.html
	$(SAY) 'Examples in the documentation of the crates'
	cargo test --release --locked --workspace --doc

test-clients: program-and-tests
	$(SAY) 'Programs that others wrote: OWSLib, pyogrio, schemathesis, and CQL2 beside SQLite'
	scripts/client-tests.sh $(CLEARLINE)

test-qgis: program-and-tests
	$(SAY) 'QGIS, without a screen'
	CLEARLINE_PROGRAM=$(CLEARLINE) /usr/bin/python3 tests/qgis/test_qgis.py

test-web: web/node_modules/.package-lock.json
	$(SAY) 'Unit tests of the map'
	npm --prefix web run test

test-forms: program-and-tests
	$(SAY) 'The forms for ODK Collect, filled in by its own engine'
	scripts/web-tests.sh $(CLEARLINE) test:forms

test-histories: program-and-tests
	$(SAY) 'Phones, a manager and bad networks: the page as it sends, against one server'
	scripts/web-tests.sh $(CLEARLINE) test:histories

# The phones of the field page mostly wait, the map mostly draws: together they take little longer than the map alone.
test-browser: program-and-tests
	$(SAY) 'The map and the field page in real browsers'
	@set -x; scripts/web-tests.sh $(CLEARLINE) test:field >target/test-field.log 2>&1 & field=$$!; \
	(set -x; scripts/web-tests.sh $(CLEARLINE) test:browser); map=$$?; \
	wait $$field; field=$$?; cat target/test-field.log; [ $$map -eq 0 ] && [ $$field -eq 0 ]

check-rust: web/dist/index.html
	$(SAY) 'Formatting and lints of the Rust code'
	cargo fmt --all --check
	cargo clippy --release --locked --workspace --all-targets -- -D warnings
	scripts/check-embedded-proj.sh target/release

check-web: web/node_modules/.package-lock.json
	$(SAY) 'Types, lints and style of the map'
	npm --prefix web run check

check-openapi: tests/openapi/node_modules/.package-lock.json
	$(SAY) 'The description of the API, by Redocly and Spectral'
	npm --prefix tests/openapi run check

check-files:
	$(SAY) 'Shell scripts, Dockerfile and docker-compose.yml'
	scripts/lint.sh

web/node_modules/.package-lock.json: web/package.json web/package-lock.json
	$(SAY) 'Fetching what the map is built from'
	npm --prefix web ci --no-audit --no-fund
	@touch $@

tests/openapi/node_modules/.package-lock.json: tests/openapi/package.json tests/openapi/package-lock.json
	npm --prefix tests/openapi ci
	@touch $@

web/dist/index.html: web/node_modules/.package-lock.json $(WEB_INPUT)
	$(SAY) 'Building the map'
	npm --prefix web run build
	@touch $@

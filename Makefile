# Stet: two commands. `make demo` runs a newsroom with a sample paper, `make test` proves that it works.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.PHONY: help looks four-editors fuzz scan demo test check format bench bench-mail onion-network bench-sourcing crash-mail crash-ledger crash-press cuts shuffle-ledger bench-mirrors budget curtain observatory testssl bench-ledger lock clean environment development needs bench-desk

VENV := .venv
BIN := $(VENV)/bin
DEMO ?= demo
N ?= 1000 10000
PYTEST ?=
# One process of tests more than there are processors: browsers and servers are waited for. In one: make test PYTEST="-n 0"
SIDE_BY_SIDE := --numprocesses $(shell echo $$(( $$(nproc) < 4 ? $$(nproc) + 1 : 4 )))
KILLS ?= 200
PRESS_KILLS ?= 210
SHUFFLES ?= 1000
RECIPIENTS ?= 10000
HOW ?=
CUTS ?= 500
MINUTES ?= 5
REQUESTS ?= 100000
KINDS ?=
LOOKS ?= build/looks

help: ## Say what can be made here
	@echo "Stet: a publishing system for independent newsrooms."
	@echo
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/  make \1|\2/p' $(MAKEFILE_LIST) | sort | awk -F'|' '{ printf "%-19s %s\n", $$1, $$2 }'

demo: environment ## Run a sample newsroom: desk, press and printed site (DEMO=folder)
	@exec $(BIN)/stet demo $(DEMO)

test: needs check ## Install what tests need, check the code, run all tests
	@$(BIN)/python -m pytest $(SIDE_BY_SIDE) $(PYTEST)

check: development ## Format, lint, types, import contracts, templates, dependencies: seconds
	@tools/check

format: development ## Bring the code into shape
	@$(BIN)/ruff check --fix -q src tests tools; $(BIN)/ruff format -q src tests tools

bench: development ## Measure: prints JSON (N="1000 10000 100000", HUGO=1 to compare)
	@$(BIN)/python tools/bench.py $(N) $(if $(HUGO),--hugo)

bench-desk: development ## Time the desk's home and lists with an archive of N: prints JSON (N=100000)
	@$(BIN)/python tools/bench_desk.py $(firstword $(N))

bench-mail: development ## Measure how letters leave: prints JSON
	@$(BIN)/python tools/bench_mail.py --dry 1000000

onion-network: development needs ## Read a paper over a Tor network of this machine's own: prints JSON
	@PYTHONPATH=src $(BIN)/python -m tests.mirrors.tor_network

four-editors: development needs ## Four people at one desk for MINUTES on SQLite, then on PostgreSQL; look for lost saves: prints JSON
	@$(BIN)/python tools/four_editors.py --minutes $(MINUTES)
	@$(BIN)/python tools/four_editors.py --minutes $(MINUTES) --postgresql

fuzz: development ## Send desk, reader site and frontdesk what no page of theirs sends (REQUESTS=100000): prints JSON
	@$(BIN)/python tools/fuzz_desk.py --requests $(REQUESTS)

scan: development ## Scan a newsroom that runs with wapiti and sqlmap, where both are installed: prints JSON
	@$(BIN)/python tools/scan_desk.py --minutes $(MINUTES)

bench-sourcing: development ## Measure the attribution assistant: prints JSON (FILES="labelled files")
	@$(BIN)/python tools/bench_sourcing.py $(FILES)

looks: needs development ## Look at every screen of the desk in four ways and photograph it (LOOKS=folder)
	@mkdir -p $(LOOKS)
	@STET_LOOKS=$(abspath $(LOOKS)) $(BIN)/python -m pytest $(SIDE_BY_SIDE) tests/newsroom/screens -q

crash-mail: development ## Kill the mailroom 200 times during one letter: prints JSON
	@$(BIN)/python tools/crash_mail.py --recipients $(RECIPIENTS) --kills $(KILLS)

crash-ledger: development ## Kill the ledger 200 times between form, webhook and worker: prints JSON
	@$(BIN)/python tools/crash_ledger.py --kills $(KILLS)

crash-press: development ## Kill the press 210 times while it prints (PRESS_KILLS=n); the tests kill it 60 times
	@STET_KILLS=$(PRESS_KILLS) $(BIN)/python -m pytest tests/press/test_crash.py -q -k kills_at_any_moment

cuts: needs development ## Cut off syncs to mirrors of each kind at random moments: prints JSON (CUTS=500 KINDS="s3 sftp")
	@$(BIN)/python tools/cut_mirrors.py --cuts $(CUTS) $(KINDS)

shuffle-ledger: development ## Deliver each history to the ledger in a thousand orders (SHUFFLES=n)
	@STET_SHUFFLES=$(SHUFFLES) $(BIN)/python -m pytest tests/ledger/test_taking.py -q -k any_order

bench-mirrors: development ## Measure how a publish reaches a mirror: prints JSON (N=1000)
	@$(BIN)/python tools/bench_mirrors.py $(firstword $(N))

budget: development ## Weigh every article page of an archive with photos: prints JSON (N=1000)
	@$(BIN)/python tools/bench.py $(firstword $(N)) --weigh

curtain: needs development ## View every sample article through lines that freeze: prints JSON (HOW=--namespaces as root)
	@$(BIN)/python tools/curtain.py $(HOW)

observatory: needs development ## Have the headers of `stet deploy` graded, as root: prints JSON; fetches a scorer by npm
	@$(BIN)/python tools/grade.py observatory

testssl: needs development ## Have the TLS of `stet deploy` graded by testssl.sh, as root: prints JSON
	@$(BIN)/python tools/grade.py testssl

bench-ledger: development ## Compare 10,000 payments, end 10,000 plans: prints JSON
	@$(BIN)/python tools/bench_ledger.py

lock: development ## Pin all dependencies anew, with hashes
	@tools/lock

clean: ## Remove what was made here, except the newsroom in demo/
	@rm -rf $(VENV) build dist .coverage htmlcov .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	@find src tests -name __pycache__ -type d -prune -exec rm -rf {} +

environment:
	@tools/environment requirements.lock

development:
	@tools/environment requirements-dev.lock

needs:
	@tools/needs

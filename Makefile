# make run and make test are all a newcomer needs; each installs what it uses on its first call.
PYTHON ?= python3
V := .venv/bin
PIP := $(V)/python -m pip install --quiet --disable-pip-version-check
# Tests share two cores; -n 0 gives plain output when looking for one failure.
WORKERS ?= auto
# More arguments for pytest, such as ARGS=--cov to measure coverage against its floor.
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help run test lint e2e smoke bench evaluate soak clean

help:  ## this list
	@grep -hE '^[a-z0-9]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 12

run: .venv/run  ## the example province: set up, scan, show suspects, serve the console
	$(V)/zhenwei demo

test: .venv/dev  ## unit, property and crash tests, offline, about eight minutes on two quiet cores
	$(V)/pytest -n $(WORKERS) $(ARGS)

lint: .venv/dev  ## ruff, mypy --strict, import contracts
	$(V)/ruff check .
	$(V)/ruff format --check .
	$(V)/mypy
	$(V)/lint-imports

e2e: .venv/e2e  ## real browser, foreign servers and verifiers, random kills (needs Chromium; Go and npm for the verifiers)
	$(V)/pytest -m "e2e" -n 0

smoke: .venv/e2e  ## the part of e2e that a build machine runs each time
	$(V)/pytest -m "smoke" -n 0

bench: .venv/dev  ## speed figures: a table and var/bench/NAME.json
	$(V)/python -m bench

evaluate: .venv/run  ## accuracy on the folder ZHENWEI_BENCH_DATA, or else on the example province: tables, var/evaluate/
	$(V)/python -m bench.accuracy

soak: .venv/dev  ## full counts, by hand
	$(V)/pytest tests/e2e -m "soak" -n 0

clean:  ## remove the virtual environment (never var/)
	rm -rf .venv

# venv is a package of its own on Debian; say so in one line instead of a traceback.
.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Python 3.11 or newer is needed: make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || { echo "The venv module is missing. Install it: sudo apt install python3-venv"; exit 1; }
	$(PYTHON) -m venv .venv

# --no-deps: a lock names everything; a resolver would also ask what came out since.
.venv/run: .venv/bin/python requirements/run.txt pyproject.toml
	$(PIP) --no-deps --require-hashes -r requirements/run.txt
	$(PIP) --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: .venv/run requirements/dev.txt
	$(PIP) --no-deps --require-hashes -r requirements/dev.txt
	@touch $@

.venv/e2e: .venv/dev requirements/e2e.txt
	$(PIP) --no-deps --require-hashes -r requirements/e2e.txt
	@touch $@

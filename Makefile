# Everything a person needs, from a fresh clone: `make dashboard` and `make test`.
export OMP_WAIT_POLICY ?= PASSIVE
PYTHON ?= python3
VENV ?= .venv
SERVE_VENV ?= .venv-serve
AUDIT_VENV ?= .venv-audit
HOST ?= 127.0.0.1
PORT ?= 8501
DATA ?= demo
ARGS ?=
NAME ?=
# The painted styles are learned sooner than real ones.
DEMO_ARGS := --profile quick --image-size 128 --folds 3 --frozen-epochs 6
PY := $(VENV)/bin/python
FULL := $(VENV)/.full
DEV := $(VENV)/.dev
PYTEST := $(PY) -m pytest
COVERED := $(PY) -m coverage run -m pytest
# Each process of the tests runs them on one thread; one that has none left takes over half of those
# that wait for another. They start this code some thousand times: what Python compiled is kept.
TESTING := env -u PYTHONDONTWRITEBYTECODE OMP_NUM_THREADS=1 NUMBA_NUM_THREADS=1
SHARED := --dist worksteal --maxprocesses 4 -n logical
# Browsers and servers wait for one another: one process more than there are processors.
WAITING = --dist worksteal -n $(shell $(PY) -c "import os; print(min(4, os.cpu_count()) + 1)")
SERVED := browser or server or postgres
QUICK := not (slow or $(SERVED))
COUNTED := not (long or $(SERVED)) or measured
# The JavaScript is linted where there is npm; nothing else needs it.
NODE := $(if $(shell command -v npm),node_modules/.package-lock.json)
BIOME := node_modules/.bin/biome
SERVE := $(SERVE_VENV)/.serve
AUDIT := $(AUDIT_VENV)/.audit
FULL_DISK_MB := 9000
SERVE_DISK_MB := 1500
AUDIT_DISK_MB := 100
COMPILE := -m uv pip compile --universal --python-version 3.11 --quiet --generate-hashes \
  --no-emit-index-url --no-annotate --no-header

.DEFAULT_GOAL := help
.PHONY: help dashboard serve train test test-all quick rest lint format hooks types bench lock licences audit clean-work clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

dashboard: $(FULL) ## set up, train the demo if there is no run, serve the dashboard
	@if ! ls artifacts/*/manifest.json >/dev/null 2>&1; then \
	  echo "No run in artifacts/ yet: painting and training the demo, a few minutes on two cores."; \
	  $(PY) train.py demo $(DEMO_ARGS); \
	fi
	@$(PY) -m dashboard --host $(HOST) --port $(PORT)

serve: $(SERVE) ## serve the dashboard from an environment without torch
	@$(SERVE_VENV)/bin/python -m dashboard --host $(HOST) --port $(PORT)

train: $(FULL) ## train on DATA=<folder|csv|hub id>, options in ARGS="..."
	@$(PY) train.py $(DATA) $(ARGS)

test: $(DEV) $(NODE) ## lint, types and the quick tests: no browser, no server, no database server
	@$(MAKE) --no-print-directory -j 2 lint types quick

test-all: $(DEV) $(NODE) ## `make test` and slow tests, with how much of the code they run, then all others
	@$(PY) -m coverage erase
	@$(MAKE) --no-print-directory test PYTEST="$(COVERED)" QUICK="$(COUNTED)"
	@$(PY) -m coverage combine --quiet
	@$(PY) -m coverage report
	@$(MAKE) --no-print-directory rest

quick: $(DEV) ## the quick tests of `make test` alone, options in ARGS="..."
	@$(TESTING) $(PYTEST) -m "$(QUICK)" $(SHARED) $(ARGS)

rest: $(DEV) ## the tests that are not counted: the longest, real browsers and servers
	@$(TESTING) $(PYTEST) -m "not ($(COUNTED))" $(WAITING) $(ARGS)

lint: $(DEV) $(NODE) ## ruff and, where there is npm, biome: lint and format
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
ifdef NODE
	@$(BIOME) check --error-on-warnings .
else
	@echo "The JavaScript was not linted: npm is missing (Debian and Ubuntu: apt install npm)."
endif

format: $(DEV) $(NODE) ## mend what `make lint` can mend by itself
	@$(PY) -m ruff check --fix .
	@$(PY) -m ruff format .
	@$(if $(NODE),$(BIOME) check --write .)

hooks: $(DEV) ## run `make lint` before each commit (pre-commit)
	@$(PY) -m uv tool run pre-commit install

types: $(DEV) ## mypy
	@$(PY) -m mypy

bench: $(DEV) ## a benchmark, NAME=label_errors; options in ARGS="..."; no NAME lists them
	@if [ -n "$(NAME)" ]; then $(PY) -m bench.$(NAME) $(ARGS); \
	else grep -l "^def main" bench/*.py | sed 's|bench/|  NAME=|; s|[.]py$$||'; fi

lock: $(DEV) ## write locks/ anew, with the hash of every file for every supported system
	@$(PY) $(COMPILE) --upgrade requirements-dev.txt -o locks/dev.txt
	@$(PY) $(COMPILE) --upgrade requirements.txt -c locks/dev.txt -o locks/full.txt
	@$(PY) $(COMPILE) --upgrade requirements-dashboard.txt -c locks/dev.txt -o locks/dashboard.txt
	@$(PY) $(COMPILE) --upgrade requirements-audit.txt -o locks/audit.txt

licences: $(DEV) ## write docs/licences.md, and fail on a licence that nobody looked at
	@$(PY) .ci/licences

audit: $(AUDIT) ## known vulnerabilities of the locked packages (asks osv.dev)
	@$(AUDIT_VENV)/bin/python -m pip_audit -r locks/dev.txt --no-deps --disable-pip -s osv

clean-work: ## remove unfinished runs, which the same command would have gone on with
	rm -rf artifacts/.work

clean: ## remove the environments; runs stay
	rm -rf $(VENV) $(SERVE_VENV) $(AUDIT_VENV) node_modules

$(FULL): locks/full.txt
	@PYTHON="$(PYTHON)" .ci/environment $(VENV) locks/full.txt $(FULL_DISK_MB)
	@touch $@

$(DEV): locks/dev.txt $(FULL)
	@PYTHON="$(PYTHON)" .ci/environment $(VENV) locks/dev.txt $(FULL_DISK_MB)
	@touch $@

node_modules/.package-lock.json: package.json package-lock.json
	@npm ci --no-audit --no-fund --silent
	@touch $@

$(SERVE): locks/dashboard.txt
	@PYTHON="$(PYTHON)" .ci/environment $(SERVE_VENV) locks/dashboard.txt $(SERVE_DISK_MB)
	@touch $@

$(AUDIT): locks/audit.txt
	@PYTHON="$(PYTHON)" .ci/environment $(AUDIT_VENV) locks/audit.txt $(AUDIT_DISK_MB)
	@touch $@

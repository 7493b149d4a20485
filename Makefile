# `make` alone lists what can be made. Everything is installed into .venv, here; nothing elsewhere.

.DEFAULT_GOAL := help
.DELETE_ON_ERROR:

VENV    := .venv
BIN     := $(VENV)/bin
CODE    := src tests $(wildcard benchmarks)
WORKERS ?= 2
KILLS   ?= 100
LOCK    := uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
           --no-emit-index-url --constraint requirements/limits.in --custom-compile-command "make lock" $(UPGRADE)

.PHONY: help demo test faults lint format bench lock clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-7s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/run.stamp ## make a company up, score its leads, write demo/report.html, serve it (PORT=8000)
	@$(BIN)/passerelle demo
	@$(BIN)/passerelle serve --demo $(if $(PORT),--port $(PORT)) $(if $(CI),--once)

test: lint ## every check: style, types, layers, tests on SQLite and on PostgreSQL (WORKERS=2)
	$(BIN)/python -m pytest -n $(WORKERS)
	@$(BIN)/python tests/on_postgresql.py -n $(WORKERS)

faults: $(VENV)/dev.stamp ## kill collector, worker and database under load, again and again (KILLS=100)
	PASSERELLE_KILLS=$(KILLS) $(BIN)/python -m pytest tests/faults

lint: $(VENV)/dev.stamp ## style, types and layers alone
	$(BIN)/ruff check $(CODE)
	$(BIN)/ruff format --check $(CODE)
	$(BIN)/mypy $(CODE)
	$(BIN)/lint-imports

format: $(VENV)/dev.stamp ## put the code in the house's format
	$(BIN)/ruff check --fix-only --quiet $(CODE)
	$(BIN)/ruff format $(CODE)

bench: $(VENV)/dev.stamp ## every benchmark, each beside its yardstick
	@set -e; for benchmark in benchmarks/[a-z]*.py; do \
	    printf '\n== %s\n' "$$benchmark"; $(BIN)/python "$$benchmark"; \
	done

lock: ## write requirements/*.txt anew from pyproject.toml, with uv (UPGRADE=--upgrade for newer)
	$(LOCK) --group build pyproject.toml --output-file requirements/run.txt
	$(LOCK) --group build --group dev --constraint requirements/run.txt pyproject.toml \
	    --output-file requirements/dev.txt
	$(LOCK) --group pyproject.toml:ci --output-file requirements/ci.txt

clean: ## remove .venv, caches and builds (demo/ stays)
	rm -rf $(VENV) build dist .mypy_cache .pytest_cache .ruff_cache .import_linter_cache .hypothesis
	find $(wildcard src tests benchmarks) -name __pycache__ -prune -exec rm -rf {} +

# What is checked holds what is run, at the same versions: dev serves both.
$(VENV)/dev.stamp: requirements/dev.txt requirements/install pyproject.toml
	@requirements/install dev $(VENV)
	@touch $(VENV)/run.stamp $@

$(VENV)/run.stamp: requirements/run.txt requirements/install pyproject.toml
	@requirements/install run $(VENV)
	@touch $@

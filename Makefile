# `make demo` and `make test` do all their own set-up: they need Python 3.10-3.13 with pip and venv, make and git.
.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.10 python; do \
	"$$p" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo "$$p" && break; done)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help venv demo test lint format fuzz bench docs pictures wheel clean

help: ## what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST)

$(STAMP): pyproject.toml
	@test -n "$(PYTHON)" || { echo "Clearcut needs Python 3.10-3.13; found none" >&2; exit 1; }
	"$(PYTHON)" -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev,panel]'
	touch $(STAMP)

venv: $(STAMP) ## a virtual environment with everything for development

demo: $(STAMP) ## the main job on shipped data
	$(BIN)/clearcut demo

lint: $(STAMP) ## style, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(STAMP) ## bring the code into the house style
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

test: $(STAMP) ## all tests that need nothing but Python
	$(BIN)/python -m pytest

fuzz: $(STAMP) ## the long random tests
	CLEARCUT_FUZZ=1 $(BIN)/python -m pytest -m fuzz --timeout=3600

bench: $(STAMP) ## every speed goal, beside its peer
	$(BIN)/python -m pip install --quiet --disable-pip-version-check casbin cedarpy
	for f in benchmarks/bench_*.py; do $(BIN)/python "$$f" || exit 1; done

docs: $(STAMP) ## the page of the documentation that is made from the program
	$(BIN)/clearcut explain --format markdown > docs/troubleshooting.md

pictures: $(STAMP) ## every state of the panel, and the report, as PNG in out/pictures
	$(BIN)/python tests/panel/pictures.py out/pictures

wheel: $(STAMP) ## the wheel and the source archive
	$(BIN)/python -m build

clean: ## remove what was made here
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis out

# `make demo` and `make test` do all their own set-up: they need Python 3.10-3.13 with pip and venv, make and git.
.DEFAULT_GOAL := help
SHELL := /bin/bash

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python3.10 python; do \
	"$$p" -c 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null && echo "$$p" && break; done)
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help venv demo test blender pyside2 lint format fuzz mutants bench docs pictures wheel clean

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

# Blender as a Python module, in an environment of its own (350 MB to fetch, 900 MB on disk): the tests find it there.
# Its wheels are for Python 3.11 alone; elsewhere, or where they cannot be had, those tests are skipped by name.
PYTHON311 = $(shell for p in "$(BIN)/python" python3.11; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null && echo "$$p" && break; done)

.venv-bpy%/.installed: pyproject.toml
	@test -n "$(PYTHON311)" || { echo "Blender's module needs Python 3.11; found none" >&2; exit 1; }
	"$(PYTHON311)" -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check -e '.[blend]' pytest "bpy==$(BPY_$*)"
	touch $@

BPY_45 := 4.5.*
BPY_50 := 5.0.*

blender: $(STAMP) .venv-bpy45/.installed .venv-bpy50/.installed ## Blender 4.5 and 5.0 as Python modules, for their tests

# What Nuke 15 and pyblish-lite run on: Python 3.10 with PySide2 (Qt 5), which has no wheels for a later Python.
# pyenv keeps one beside the Python that runs here, in whatever HOME.
PYTHON310 = $(shell beside=$$("$(PYTHON)" -c 'import os, sys; print(os.path.dirname(sys.base_prefix))'); \
	for p in "$(BIN)/python" python3.10 $$HOME/.pyenv/versions/3.10.*/bin/python "$$beside"/3.10.*/bin/python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' 2>/dev/null && echo "$$p" && break; done)

.venv-pyside2/.installed: pyproject.toml
	@test -n "$(PYTHON310)" || { echo "PySide2 needs Python 3.10; found none" >&2; exit 1; }
	"$(PYTHON310)" -m venv $(@D)
	$(@D)/bin/python -m pip install --quiet --disable-pip-version-check -e . PySide2 QtPy pyblish-lite \
		hypothesis pytest pytest-timeout
	touch $@

pyside2: .venv-pyside2/.installed ## on PySide2: the panel, the waiting, Nuke's start-up files, pyblish-lite's own window
	QT_API=pyside2 QT_QPA_PLATFORM=offscreen CLEARCUT_NEEDS="qt lite" $(<D)/bin/python -m pytest \
		tests/panel tests/publish/test_waiting.py tests/hosts/test_pyblish_lite.py tests/hosts/test_nuke.py

JOBS ?= 2

test: $(STAMP) ## all tests that need nothing but Python, JOBS=2 at a time; on 3.11 with Blender 4.5
	@if [ -n "$(PYTHON311)" ]; then $(MAKE) --no-print-directory .venv-bpy45/.installed \
		|| echo "bpy 4.5 could not be installed: Blender's tests are skipped" >&2; fi
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile

fuzz: $(STAMP) ## the long random tests
	CLEARCUT_FUZZ=1 $(BIN)/python -m pytest -m fuzz --timeout=3600

mutants: $(STAMP) ## mutation testing of the decision (about an hour), in out/mutants
	$(BIN)/python -m pip install --quiet --disable-pip-version-check 'mutmut>=3.8,<3.9'
	rm -rf out/mutants
	$(BIN)/python tests/mutate.py

bench: $(STAMP) ## every speed goal, beside its peer
	$(BIN)/python -m pip install --quiet --disable-pip-version-check casbin cedarpy
	for f in benchmarks/bench_*.py; do $(BIN)/python "$$f" || exit 1; done

docs: $(STAMP) ## what of the documentation is made from the program: a page and the pictures
	$(BIN)/clearcut explain --format markdown > docs/troubleshooting.md
	$(BIN)/python tests/panel/pictures.py out/pictures docs/pictures

pictures: $(STAMP) ## every state of the panel, and the report, as PNG in out/pictures
	$(BIN)/python tests/panel/pictures.py out/pictures

wheel: $(STAMP) ## the wheel and the source archive
	$(BIN)/python -m build

clean: ## remove what was made here
	rm -rf $(VENV) .venv-bpy* .venv-pyside2 dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis out

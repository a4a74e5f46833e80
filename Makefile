# Two commands on a fresh machine:  make demo   and   make test
PYTHON ?= $(shell command -v python3.11 || command -v python3)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check

.PHONY: demo test bench lint types contracts clean

demo: $(VENV)/.installed
	$(BIN)/riskmap demo data/raw/hequ

test: $(VENV)/.test-ready lint types contracts
	$(BIN)/python -m pytest -n 2 --dist loadgroup

bench: $(VENV)/.test-ready
	$(BIN)/python -m pytest benchmarks -q -W ignore --benchmark-group-by=group --benchmark-columns=median --benchmark-sort=name

lint: $(VENV)/.test-ready
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.test-ready
	$(BIN)/mypy

contracts: $(VENV)/.test-ready
	$(BIN)/lint-imports

$(VENV)/.installed: pyproject.toml constraints.txt
	$(PYTHON) -m venv $(VENV)
	$(PIP) install --quiet --constraint constraints.txt --editable .
	touch $@

$(VENV)/.test-ready: $(VENV)/.installed tools/install_browser.py
	$(PIP) install --quiet --constraint constraints.txt --editable ".[test]"
	$(BIN)/python tools/install_browser.py
	touch $@

clean:
	rm -rf build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis

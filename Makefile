# Two commands matter: `make demo` sets up and decides the examples; `make test` sets up and passes the tests.
PYTHON ?= python3
VENV   := .venv
ifeq ($(OS),Windows_NT)
BIN := $(VENV)/Scripts
else
BIN := $(VENV)/bin
endif

.PHONY: demo test check docs clean

$(VENV)/.enduse: pyproject.toml
	$(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e .
	@$(BIN)/python -c "open('$@', 'w').close()"

$(VENV)/.enduse-test: $(VENV)/.enduse
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e ".[test]"
	@$(BIN)/python -c "open('$@', 'w').close()"

demo: $(VENV)/.enduse
	@$(BIN)/python examples/demo.py

test: $(VENV)/.enduse-test
	$(BIN)/python -m pytest -n auto

check: $(VENV)/.enduse-test
	$(BIN)/python -m ruff check .
	$(BIN)/python -m ruff format --check .
	$(BIN)/python -m mypy
	$(BIN)/lint-imports
	$(BIN)/enduse law lint
	$(BIN)/python docs/generate.py --check

docs: $(VENV)/.enduse-test
	$(BIN)/python docs/generate.py

clean:
	rm -rf $(VENV) build dist

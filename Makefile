# Everything a newcomer needs: `make demo` to look, `make test` to trust, `make help` for the rest.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PORT ?= 8000
HOST ?= 127.0.0.1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PYTHONDONTWRITEBYTECODE :=

.PHONY: help demo demo-reset test check bench e2e texts lock clean

help: ## Show what make can do here
	@awk -F':.*## ' '/^[a-z0-9-]+:.*## /{printf "make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(VENV)/ok: requirements.lock setup.cfg pyproject.toml
	@PYTHON="$(PYTHON)" bash deploy/make-venv requirements.lock
	@touch $@

$(VENV)/ok-dev: requirements-dev.lock $(VENV)/ok
	@PYTHON="$(PYTHON)" bash deploy/make-venv requirements-dev.lock
	@touch $@

demo: $(VENV)/ok ## Serve a demo year on http://127.0.0.1:8000 (PORT= to change)
	@bash deploy/demo "$(HOST)" "$(PORT)"

demo-reset: ## Throw the demo year away and start over
	@PYTHON="$(PYTHON)" bash deploy/demo-reset
	@$(MAKE) --no-print-directory demo

test: $(VENV)/ok-dev ## Run every test; installs what the tests need, says what was skipped and why
	@bash deploy/make-test-tools
	@$(BIN)/python -m pytest -n auto --dist worksteal -rs $(ARGS)

e2e: $(VENV)/ok-dev ## Run the browser journeys only
	@bash deploy/make-test-tools
	@$(BIN)/python -m pytest -n auto --dist worksteal -rs tests/journeys $(ARGS)

check: $(VENV)/ok-dev ## Lint, types, templates, house rules
	@echo "ruff: style";      $(BIN)/ruff check forum tests wsgi.py setup.py
	@echo "ruff: format";     $(BIN)/ruff format --check forum tests wsgi.py setup.py
	@echo "mypy: types";      $(BIN)/mypy
	@echo "djlint: templates"; $(BIN)/djlint templates --quiet --lint
	@echo "house rules";      $(BIN)/python -m pytest -q tests/architecture

bench: $(VENV)/ok-dev ## Measure CPU per request against a reference app, scoring, selection, import
	@$(BIN)/python tests/bench/run.py $(ARGS)

texts: $(VENV)/ok-dev ## Bring the translations (forum/texts/*/*.po) in line with the templates
	@$(BIN)/python -m tests.texts.renew $(ARGS)

lock: $(VENV)/ok-dev ## Renew the lock files from setup.cfg
	@$(BIN)/pip install --quiet uv
	@echo "setuptools>=77" | $(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-header --upgrade - -o requirements-build.lock
	@$(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-header --upgrade setup.cfg -o requirements.lock
	@$(BIN)/uv pip compile -q --universal --generate-hashes --python-version 3.11 --no-header --upgrade --extra dev -c requirements.lock setup.cfg -o requirements-dev.lock

clean: ## Remove what was built; the data in instance/ stays
	@rm -rf $(VENV) build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .hypothesis

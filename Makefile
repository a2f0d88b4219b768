# Two commands do everything: `make run` and `make test`. Both install what they need into the project.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
MARK := $(VENV)/.installed
DEV_MARK := $(VENV)/.installed-dev

help: ## Say what can be made
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | sort

run: $(MARK) locale ## Serve shop, console and API on a small demo retailer
	@exec $(BIN)/samband run

test: $(DEV_MARK) locale browser clients ## Try everything, on a real PostgreSQL and in a real browser
	@$(BIN)/python -m pytest -n auto --dist loadgroup $(ARGS)

fire: $(DEV_MARK) ## Attack every promise for long: ARGS="--attempts 10000 --kills 300"
	@$(BIN)/python -m tests.promises.fire $(ARGS)

check: $(DEV_MARK) ## Lint, types and contracts, fast
	@$(BIN)/ruff check samband tests
	@$(BIN)/ruff format --check samband tests
	@$(BIN)/mypy samband
	@$(BIN)/lint-imports

locale: $(MARK) ## Compile the translations that changed
	@$(BIN)/python -m samband.locale.compiling

browser: $(DEV_MARK)
	@$(BIN)/python -m tests.browser.finding

clients: $(DEV_MARK)
	@$(BIN)/python -m tests.clients.installing

audit-dependencies: $(DEV_MARK) ## Ask who knows of holes about everything that we stand on
	@$(BIN)/python -m tests.house.auditing

screenshots: $(DEV_MARK) locale browser ## Take pictures of every page of the shop into docs/screenshots
	@$(BIN)/python -m tests.browser.screenshots

lock: $(DEV_MARK) ## Renew the locked dependencies
	@$(BIN)/pip install -q pip-tools
	@CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/pip-compile -q --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --generate-hashes -o requirements/run.txt pyproject.toml
	@CUSTOM_COMPILE_COMMAND='make lock' $(BIN)/pip-compile -q --strip-extras --allow-unsafe --no-emit-index-url --no-emit-find-links --no-emit-trusted-host --generate-hashes --extra dev -c requirements/run.txt -o requirements/dev.txt pyproject.toml

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; name it with PYTHON=…")'
	@$(PYTHON) -m venv $(VENV)

$(MARK): requirements/run.txt pyproject.toml | $(VENV)/bin/python
	@echo "installing into $(VENV) …" >&2
	@$(BIN)/pip install -q --require-hashes -r requirements/run.txt
	@$(BIN)/pip install -q --no-deps -e .
	@touch $@

$(DEV_MARK): requirements/dev.txt $(MARK)
	@echo "installing what the tests need into $(VENV) …" >&2
	@$(BIN)/pip install -q --require-hashes -r requirements/dev.txt
	@touch $@

clean: ## Throw away the virtual environment and what tests left
	rm -rf $(VENV) var/test .pytest_cache .mypy_cache .ruff_cache .import_linter_cache

.PHONY: help run test fire audit-dependencies check locale browser clients screenshots lock clean

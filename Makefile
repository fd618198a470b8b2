# Each target does one thing. `make` alone says which there are.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RUNTIME := $(VENV)/.runtime-$(shell cat requirements/runtime.txt pyproject.toml tools/setup.sh | cksum | cut -d' ' -f1)
DEV := $(VENV)/.dev-$(shell cat requirements/dev.txt pyproject.toml tools/setup.sh | cksum | cut -d' ' -f1)

.DEFAULT_GOAL := help
.PHONY: help setup up demo test check bench lock screenshots docs

help: ## Say what there is
	@sed -n 's/^\([a-z]*\):[^#]*## /\1 /p' Makefile | while read -r name text; do printf '  make %-12s %s\n' "$$name" "$$text"; done

setup: $(DEV) ## Make .venv with everything for working on the product

up: $(RUNTIME) ## Run the whole product; Ctrl-C stops it
	@$(BIN)/etalase up

demo: $(RUNTIME) ## Load the demo world into an empty database
	@$(BIN)/etalase demo

check: $(DEV) ## Everything that can be said without running the product
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/pytest tests/architecture

test: $(DEV) ## All tests but those of `make check`, browser journeys included
	@sh tools/browser.sh
	$(BIN)/pytest -n 3 --dist worksteal --ignore tests/browser --ignore tests/architecture
	$(BIN)/pytest -n 2 --dist loadfile tests/browser

bench: $(DEV) ## Measure the product against PostgreSQL itself (QUICK=1: a smaller world, a few minutes)
	@$(BIN)/etalase bench $(if $(QUICK),--quick)

screenshots: $(DEV) ## Renew the pictures in docs/screenshots
	@sh tools/browser.sh
	$(BIN)/python tools/screenshots.py

docs: $(DEV) ## Renew the pages of docs/ that are made from the code
	$(BIN)/python -m tools.make_docs

lock: ## Renew the pinned requirements (needs uv)
	sh tools/lock.sh

$(RUNTIME):
	@PYTHON="$(PYTHON)" sh tools/setup.sh runtime
	@rm -f $(VENV)/.runtime-* && touch $@

$(DEV):
	@PYTHON="$(PYTHON)" sh tools/setup.sh dev
	@rm -f $(VENV)/.runtime-* $(VENV)/.dev-* && touch $@ $(RUNTIME)

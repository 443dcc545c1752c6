# One target per job. `make` alone lists them.
PY ?= python3
BIN = .venv/bin

.DEFAULT_GOAL := help
.PHONY: help setup run test check format bench clean

help: ## list the targets
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | sort

setup: .venv/ready ## create .venv and install what is needed

.venv/ready: pyproject.toml constraints.txt .ci/setup
	@sh .ci/setup "$(PY)"

test: setup ## run the tests
	@$(BIN)/python -m pytest -q $(ARGS)

check: setup ## ruff and mypy
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

format: setup ## let ruff format and mend what it can
	@$(BIN)/ruff check --fix -q . || true
	@$(BIN)/ruff format -q .

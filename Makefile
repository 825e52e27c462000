# Every command a developer needs. uv makes the environment where it works,
# plain venv and pip where it does not.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup demo test unit check fmt docs lock bench

help: ## list the commands
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 10

setup: $(STAMP) ## make the environment in .venv

$(STAMP): requirements.lock pyproject.toml
	@./scripts/make-venv "$(PYTHON)" "$(VENV)"
	@touch $@

demo: $(STAMP) ## the whole pipeline on this machine, no account needed (ARGS=--exit)
	@exec $(BIN)/tiktok-pipelines demo $(ARGS)

test: $(STAMP) ## run all tests, several at a time (one by one: ARGS=-n0)
	$(BIN)/pytest -n auto --dist loadfile $(ARGS)

unit: $(STAMP) ## the fast tests, while you type
	$(BIN)/pytest tiktok_pipelines_tests/unit $(ARGS)

check: $(STAMP) ## linter, formatter, types and import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/pyright
	$(BIN)/lint-imports

fmt: $(STAMP) ## format and fix what can be fixed
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(STAMP) ## regenerate docs/tables.md, docs/settings.md and .env.example
	$(BIN)/python -m scripts.write_docs

lock: $(STAMP) ## resolve the dependencies again
	uv pip compile -q --universal --python-version 3.11 --extra dev --upgrade \
	  --no-emit-index-url --no-strip-extras --generate-hashes --no-annotate --no-header \
	  pyproject.toml -o requirements.lock

bench: $(STAMP) ## memory of a load, or ARGS=compare, …: bench/README.md
	$(BIN)/python -m bench.$(or $(ARGS),memory)

PYTHON ?= python3
PORT ?= 8080
DATA_DIR ?= .data
BIN := .venv/bin
# Two processes with engines of their own; browser tests are the first, all in one of them.
SIDE_BY_SIDE := -n 2 --dist loadgroup --no-loadscope-reorder
# A shell that forbids bytecode would make every start compile everything again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: setup install run test prove check format

setup: install ## everything into .venv, and the dashboard compiled
	@$(BIN)/saas-admin build --data-dir $(DATA_DIR)

install:
	@$(PYTHON) deploy/bootstrap.py

# `up` compiles the dashboard beside the start of the engines, which is sooner than one after the other.
run: install ## everything with a demo company; Ctrl-C stops it
	@exec $(BIN)/saas-admin up --demo --port $(PORT) --data-dir $(DATA_DIR)

test: install ## every test but the long proofs, browser tests included
	@$(BIN)/python deploy/browser.py
	@$(BIN)/python -m pytest -m "not prove" $(SIDE_BY_SIDE)

prove: install ## the long proofs: fuzz, kill matrices, benches
	@$(BIN)/python deploy/browser.py
	@$(BIN)/python -m pytest -m prove --timeout 3600

check: install ## what CI runs
	@$(BIN)/ruff format --check .
	@$(BIN)/ruff check .
	@$(BIN)/pyright
	@$(BIN)/lint-imports
	@$(BIN)/python deploy/check_migrations.py
	@$(BIN)/python deploy/browser.py
	@$(BIN)/python -m pytest -m "not prove" $(SIDE_BY_SIDE)

format: install
	@$(BIN)/ruff format .
	@$(BIN)/ruff check --fix-only .

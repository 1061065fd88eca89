# Each target sets up what it needs; the details are in tools/setup.py. `make help` lists them.
PYTHON ?= python3
RUN = .venv/bin
PORT ?=
HOST ?=
SHELL = /bin/sh
MAKEFLAGS += --no-print-directory
.DEFAULT_GOAL := help
.PHONY: help setup setup-test run test test-fast lint types format bench-web drill screenshots translations clean

help:  ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-13s %s\n", $$1, $$2}' Makefile

setup:  ## Prepare this folder to run: uv, packages, front-end files, translations
	@$(PYTHON) tools/setup.py run

setup-test:  ## The same, and what tests need: browser, fonts, PostgreSQL
	@$(PYTHON) tools/setup.py test

run: setup  ## Serve the demo county and print its addresses (PORT=8000, HOST=127.0.0.1)
	@exec $(RUN)/mulin run --demo $(if $(HOST),--host $(HOST)) $(if $(PORT),--port $(PORT))

test: setup-test  ## The whole suite on SQLite and PostgreSQL, with linters and the browser
	@exec $(RUN)/python tools/run_tests.py

test-fast: setup-test  ## The suite on SQLite without browser and slow tests
	@exec $(RUN)/pytest -n 2 --dist loadfile -m "not browser and not slow and not once"

lint: setup-test  ## Style, format and import contracts
	@$(RUN)/ruff check
	@$(RUN)/ruff format --check
	@$(RUN)/lint-imports --cache-dir var/cache/import_linter --no-logo

types: setup-test  ## Types: strict in the kernel, rules, services and selectors
	@$(RUN)/mypy

format: setup-test  ## Format the code and sort its imports
	@$(RUN)/ruff check --fix
	@$(RUN)/ruff format

bench-web:  ## Measure pages and API against bare Django (needs wrk)
	@$(PYTHON) tools/setup.py bench
	@exec $(RUN)/python bench/web.py

drill: setup-test  ## The long forms: more examples, longer races, harder crashes
	@exec $(RUN)/python tools/run_tests.py --drill

screenshots: setup-test  ## Take the pictures of README and docs again
	@exec $(RUN)/python tools/screenshots.py

translations: setup-test  ## Gather texts into the .po files and count what is untranslated
	@exec $(RUN)/python tools/translations.py

clean:  ## Remove what set-up built; your data in var/ stays
	@rm -rf .venv var/setup var/bootstrap var/build var/cache var/test src/mulin/web/static/vendor dist
	@find src tests tools bench -name __pycache__ -type d -prune -exec rm -rf {} +
	@find src/mulin/locale -name '*.mo' -delete

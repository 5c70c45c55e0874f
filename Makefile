# Everything a developer, a server or continuous integration runs. `make help` lists it.
# Stamps lie inside what they vouch for, so deleting .venv or node_modules is enough to start anew.

SHELL := bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
# Steps print in order and share two cores; the test runner does its own spreading.
.NOTPARALLEL:

BIN := .venv/bin
STAMPS := .venv/stamps
NODE := scripts/with_node.sh
PORT ?= 8000
JOBS ?= 2

# Branch coverage asked of the domain code, in percent: geography, kernel and the layers of features
# that know no Flask, with what carries them outward; not views, forms, step forms, commands, wiring.
COVERAGE_MIN ?= 90
DOMAIN_CODE := geo/*,webapp/*/*
NOT_DOMAIN := */views/*,*/views.py,*/steps/*,*/forms/*,*/forms.py,*/schemas.py,*/commands.py,webapp/web/*,webapp/bench/*,webapp/demo/*

# How visible text is marked, and a catalogue that does not change with every moved line.
CATALOGUE_WORDS := -k _ -k lazy_gettext -k gettext -k ngettext:1,2 --no-location --sort-output \
	--no-wrap --omit-header

FRONTEND_SOURCES := $(shell find frontend static/css static/img -type f 2>/dev/null)
CATALOGUES := $(patsubst %.po,%.mo,$(wildcard webapp/translations/*/LC_MESSAGES/*.po))
# The one dependency published as source only; every other package must come as a wheel.
SOURCE_ONLY := flask-principal
# Compiled once here: a process that may not write bytecode compiles 3 s of imports at each start.
UV_INSTALL := $(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes --compile-bytecode \
	--only-binary :all: --no-binary $(SOURCE_ONLY) --no-build-isolation-package $(SOURCE_ONLY)

.PHONY: help
help: ## Show this list
	@grep -hE '^[a-z-]+:.*## ' Makefile | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 24

## --- Running and checking -------------------------------------------------------------------

.PHONY: run
run: setup ## Start the site and its worker at http://127.0.0.1:8000 (PORT= changes it)
	@PORT=$(PORT) exec $(BIN)/python scripts/run.py

.PHONY: test
test: setup-test format-check lint types frontend-check unit-all resilience-quick coverage-gate browser ## Every check, as continuous integration runs it

.PHONY: check
check: setup-test format-check lint types frontend-check unit ## The fast checks, for the developer's loop

.PHONY: bench
bench: setup-test ## Every benchmark in bench/, each printing a table
	@for program in bench/bench_*.py; do \
		$(BIN)/python -m "bench.$$(basename "$$program" .py)"; \
	done

.PHONY: format
format: setup-test ## Rewrite the sources in the agreed format
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

.PHONY: wheel
wheel: setup-test ## Build the wheel into dist/
	rm -rf dist
	$(BIN)/python -m build --no-isolation --outdir dist .

.PHONY: wheel-check
wheel-check: wheel ## Install the wheel into an empty environment and ask it for pages
	scripts/check_wheel.sh dist/*.whl

.PHONY: catalogue
catalogue: setup-test ## Collect visible texts into the English catalogue, ready to be translated
	mkdir -p var
	$(BIN)/pybabel --quiet extract -F babel.cfg $(CATALOGUE_WORDS) -o var/messages.pot .
	$(BIN)/pybabel --quiet update --no-fuzzy-matching --ignore-obsolete --no-wrap \
		-i var/messages.pot -d webapp/translations -l en

.PHONY: locks
locks: $(STAMPS)/installer ## Renew requirements/*.lock (UPGRADE=1 takes newer versions)
	scripts/lock.sh $(if $(UPGRADE),--upgrade)

.PHONY: clean
clean: ## Remove what was installed and built; data in var/ stays
	rm -rf .venv node_modules static/dist static/vendor dist .mypy_cache .ruff_cache .pytest_cache
	find webapp/translations -name '*.mo' -delete 2>/dev/null || true

## --- Set-up ---------------------------------------------------------------------------------

.PHONY: setup
setup: system-run $(STAMPS)/run static/dist/manifest.json $(CATALOGUES)

.PHONY: setup-test
setup-test: system-test $(STAMPS)/dev static/dist/manifest.json $(CATALOGUES)

.PHONY: system-run system-test
system-run:
	@scripts/system_packages.sh run
system-test:
	@scripts/system_packages.sh test

$(STAMPS)/installer: requirements/installer.lock scripts/make_venv.sh
	scripts/make_venv.sh
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/run: requirements/run.lock | $(STAMPS)/installer
	$(UV_INSTALL) -r $<
	@touch $@

$(STAMPS)/dev: requirements/dev.lock $(STAMPS)/run
	$(UV_INSTALL) -r $<
	@touch $@

node_modules/.installed: package.json package-lock.json | $(STAMPS)/run
	$(NODE) npm ci
	@touch $@

static/dist/manifest.json: node_modules/.installed $(FRONTEND_SOURCES)
	$(NODE) npm run build
	@touch $@

%.mo: %.po | $(STAMPS)/run
	$(BIN)/pybabel --quiet compile --input-file $< --output-file $@

## --- The parts of check and test ------------------------------------------------------------

.PHONY: format-check lint types frontend-check
format-check:
	$(BIN)/ruff format --check .
lint:
	$(BIN)/ruff check .
types:
	$(BIN)/mypy
	$(BIN)/mypy scripts
frontend-check:
	$(NODE) npm run check
	$(NODE) npm run test

.PHONY: unit unit-all coverage-gate browser resilience-quick
unit:
	MATXANH_TEST_DATABASES=spatialite $(BIN)/pytest -n $(JOBS) \
		-m "not browser and not resilience and not packaging"
unit-all:
	$(BIN)/pytest -n $(JOBS) -m "not browser and not resilience" --cov --cov-report=
coverage-gate:
	@mkdir -p var
	$(BIN)/coverage json --quiet --include="$(DOMAIN_CODE)" \
		--omit="$(NOT_DOMAIN)" -o var/coverage.json
	$(BIN)/python scripts/coverage_gate.py var/coverage.json $(COVERAGE_MIN)
browser:
	$(BIN)/pytest -n $(JOBS) --dist loadscope -m browser
resilience-quick:
	$(BIN)/pytest -n $(JOBS) -m resilience --cov --cov-append --cov-report=

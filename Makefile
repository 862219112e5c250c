# make site   sets up, and builds the example site into output/
# make test   sets up, and runs everything: lint, types, layers, tests, coverage, browser
# Both need Python 3.11 or newer and make, nothing else.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
PACKAGES := tests/node_modules/.ready

.PHONY: site test test-long preview screenshots lint bench languages clean
.DEFAULT_GOAL := site

site: $(READY)
	$(BIN)/variorum build
	@echo "Open output/index.html in a browser, or run: make preview"

preview: $(READY)
	$(BIN)/variorum serve

lint: $(READY)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

# The preview's tests look at what happens within milliseconds, and so run alone; the others run on all processors.
test: lint browser $(PACKAGES)
	$(BIN)/coverage erase
	$(BIN)/pytest -m "not long" --cov --cov-report= --cov-fail-under=0 --reruns 2 tests/preview
	$(BIN)/pytest -m "not long" -n auto --dist loadfile --cov --cov-append --cov-report=term --ignore=tests/preview
	$(BIN)/coverage report

test-long: $(READY) $(PACKAGES)
	$(BIN)/pytest -m long -n auto --dist worksteal

# Brings the catalogues of messages up to date with the program, compiles them, and lists what needs a translation.
languages: $(READY)
	$(BIN)/python -m tests.catalogues

bench: $(READY)
	$(BIN)/python -m tests.bench
	$(BIN)/python -m tests.bench.quality

$(READY): pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Variorum needs Python 3.11 or newer: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $(READY)

# The browser tests need Chromium. As root on Debian (as in CI) it is installed; elsewhere they are skipped, and say so.
.PHONY: browser
browser: $(READY)
	@command -v chromium >/dev/null || command -v google-chrome >/dev/null || { \
	  [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	  apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends chromium >/dev/null; } || \
	  echo "No Chromium: the browser tests will be skipped."

# What pages are checked with (axe-core, html-validate, the Nu validator). npm is installed as Chromium is; without it those checks
# are skipped, and say so.
$(PACKAGES): tests/package-lock.json
	@command -v npm >/dev/null || { \
	  [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && \
	  apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends nodejs npm >/dev/null; } || true
	@cd tests && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error && touch node_modules/.ready || \
	  echo "npm could not install: the checks of axe-core, html-validate and the Nu validator will be skipped."

# Pictures of every view into screenshots/, and README's into .readme/.
screenshots: $(READY) browser
	$(BIN)/python -m tests.browser.screenshots

clean:
	rm -rf tests/node_modules screenshots $(VENV) .coverage .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis dist

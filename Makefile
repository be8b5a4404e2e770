# The verbs of this project. Needs make and Python 3.11 or newer; everything else is brought in by the locks.

PYTHON ?= python3
PORT ?= 8000
PERSONS ?= 20000
SIZE ?= 20000
BENCH ?= all
TESTS ?= tests

VENV := .venv
RUN := $(VENV)/bin/python
lock = $(shell cat requirements/$(1).txt pyproject.toml | cksum | tr ' ' '-')
RUNTIME := $(VENV)/runtime-$(call lock,runtime)
DEVELOPMENT := $(VENV)/development-$(call lock,dev)

export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_NO_INPUT := 1

.DEFAULT_GOAL := help
.PHONY: help demo test check fix bench docs wheel lock clean build chromium

help: ## say what can be made
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' $(MAKEFILE_LIST)

demo: $(RUNTIME) build ## run a whole node with synthetic people (PERSONS, PORT)
	@exec $(RUN) -m mutakhir demo --persons $(PERSONS) --port $(PORT)

test: $(DEVELOPMENT) build chromium ## run every test (TESTS narrows it)
	$(RUN) -m pytest --numprocesses 2 --dist loadfile $(TESTS)

check: $(DEVELOPMENT) build ## everything that can be known without running the tests
	$(RUN) -m ruff check .
	$(RUN) -m ruff format --check .
	$(RUN) -m mypy
	$(VENV)/bin/lint-imports
	$(RUN) -m django makemigrations --check --dry-run --settings mutakhir.site.settings
	$(RUN) -m mutakhir docs --check

fix: $(DEVELOPMENT) ## let the tools repair what they can
	$(RUN) -m ruff check --fix .
	$(RUN) -m ruff format .

bench: $(RUNTIME) build ## measure beside a bare baseline (BENCH, SIZE)
	$(RUN) -m mutakhir bench $(BENCH) --size $(SIZE)

docs: $(DEVELOPMENT) build ## write the documents that are derived from the code
	$(RUN) -m mutakhir docs

wheel: $(RUNTIME) build ## a wheel with the compiled screens inside, in dist/
	$(RUN) -m pip wheel --quiet --no-deps --no-build-isolation --wheel-dir dist .

# The locks hold names, versions and digests only, for every system at once, and nothing younger than a week.
lock: $(DEVELOPMENT) ## choose versions anew within what pyproject.toml allows
	set -e; week=$$($(RUN) -c 'import datetime as d; print((d.datetime.now(d.UTC) - d.timedelta(7)).date())'); \
	compile="$(VENV)/bin/uv --no-config pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	  --no-header --annotation-style line --upgrade --exclude-newer $$week"; \
	$$compile requirements/build.in -o requirements/build.txt; \
	$$compile pyproject.toml -o requirements/runtime.txt; \
	$$compile --extra dev -c requirements/runtime.txt pyproject.toml -o requirements/dev.txt; \
	$$compile requirements/node.in -o requirements/node.txt

clean: ## remove what was made here; a node's data are not touched
	rm -rf $(VENV) build dist node_modules mutakhir/web/static/built *.egg-info
	rm -rf .mypy_cache .pytest_cache .ruff_cache .hypothesis .import_linter_cache
	find mutakhir tests -name __pycache__ -prune -exec rm -rf {} +

build: $(RUNTIME)
	@if [ -f mutakhir/web/build.py ]; then $(RUN) -m mutakhir.web.build; fi

$(VENV)/bin/python:
	@for python in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	  if "$$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
	    "$$python" -m venv $(VENV) && exit 0; \
	    echo "$$python cannot make a virtual environment; on Debian and Ubuntu: apt-get install python3-venv" >&2; \
	    rm -rf $(VENV); exit 1; \
	  fi; \
	done; echo "no Python 3.11 or newer was found; name one with PYTHON=..." >&2; exit 1

$(RUNTIME): | $(VENV)/bin/python
	$(call install,runtime)
	@rm -f $(VENV)/runtime-* && touch $@

$(DEVELOPMENT): $(RUNTIME)
	$(call install,dev)
	@rm -f $(VENV)/development-* && touch $@

# Without build isolation: a source package is built with the locked setuptools and nothing fetched beside the lock.
define install
	@$(RUN) -m pip install --quiet --require-hashes --no-deps -r requirements/build.txt
	@$(RUN) -m pip install --quiet --require-hashes --no-deps --no-build-isolation -r requirements/$(1).txt
	@$(RUN) -m pip install --quiet --no-deps --no-build-isolation --editable .
endef

# The browser of the journeys: the system's own, so that nothing is downloaded behind the package manager.
chromium:
	@command -v chromium chromium-browser google-chrome >/dev/null 2>&1 || { \
	  if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	    apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends chromium; \
	  else \
	    echo "the journeys need Chromium; on Debian and Ubuntu: sudo apt-get install chromium" >&2; exit 1; \
	  fi; }

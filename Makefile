# Every target does its own set-up. PYTHON chooses the interpreter (3.11 or newer).
PYTHON ?= python3
PY := .venv/bin/python
APT := mosquitto influxdb victoria-metrics postgresql chromium fonts-noto-cjk
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup setup-dev demo test check revision generate bench lock

help: ## list the targets
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

# The stamps name the interpreter, so another PYTHON builds the environment anew.
.venv/run: requirements.txt pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "Python must be 3.11 or newer, got $$($(PYTHON) --version). Try: make PYTHON=python3.11 ..." >&2; exit 1; }
	@test -x $(PY) || $(PYTHON) -m venv .venv || \
	  { echo "python3-venv must be installed. Run: apt-get install -y python3-venv" >&2; rm -rf .venv; exit 1; }
	@echo "Installing packages into .venv (once, a minute or two) ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev: .venv/run requirements-dev.txt
	@echo "Installing the developers' packages into .venv (once) ..."
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

setup: .venv/run ## build .venv for running

setup-dev: .venv/dev ## build .venv for developing; install the servers that tests start
	@scripts/servers $(APT)

demo: .venv/run ## run the whole system on bundled data (ARGS="--once --lang en")
	@.venv/bin/quotawatt demo $(ARGS)

# Each worker has a core: numerics on more threads would wait for each other.
test: setup-dev ## run all tests (ARGS="-k collectors")
	@OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 $(PY) -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

check: .venv/dev ## ruff, mypy, import contracts, generated files
	@$(PY) -m ruff check .
	@$(PY) -m ruff format --check .
	@$(PY) -m mypy
	@.venv/bin/lint-imports --no-cache
	@$(PY) -m quotawatt.app.generated --check

revision: .venv/dev ## write the record store's next migration (ARGS='-m "What it adds"', --replace for the newest)
	@$(PY) -m quotawatt.storage.migrations revision $(ARGS)

generate: .venv/dev ## write the generated files anew
	@$(PY) -m quotawatt.app.generated

bench: setup-dev ## run every benchmark in full and write benchmarks/RESULTS.md
	@$(PY) -m benchmarks all $(ARGS)

lock: .venv/dev ## resolve the requirements anew
	@.venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml -o requirements.txt
	@.venv/bin/uv pip compile --quiet --upgrade --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header pyproject.toml --group dev -o requirements-dev.txt

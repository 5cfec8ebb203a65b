# One environment, ./.venv, from requirements.lock alone. `make setup` and then any of the others.
# PYTHON: any Python from 3.11 on, used where uv is not there to find one.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/.ready
UV := $(shell command -v uv 2>/dev/null)

.PHONY: setup run test check format lint safety types contracts stale bench trust mutants soak sbom lock
.DEFAULT_GOAL := setup

setup: $(READY)

# Every file that is downloaded is in the lock with its hashes, what builds the project included.
$(READY): requirements.lock pyproject.toml
ifneq ($(UV),)
	$(UV) venv --quiet --allow-existing --python '>=3.11' .venv
	$(UV) pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(UV) pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation -e .
else
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
		|| { echo "Guitai needs Python 3.11 or later: make PYTHON=/path/to/python3 setup" >&2; exit 1; }
	test -x $(BIN)/pip || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation -e .
endif
	@touch $@

run: setup
	$(BIN)/pos demo

test: setup
	$(BIN)/python -m pytest -n 2

# `make -k check` tells of all of them, not of the first that fails alone
check: format lint safety types contracts stale

format: setup
	$(BIN)/ruff format --check .

lint: setup
	$(BIN)/ruff check .

# what it finds goes to the output; its own remarks about lines that are let pass do not
safety: setup
	$(BIN)/bandit -q -r pos 2>/dev/null

types: setup
	$(BIN)/mypy

contracts: setup
	$(BIN)/lint-imports

stale: setup
	@if [ -e tests/stale.py ] || [ -d tests/stale ]; then $(BIN)/python -m tests.stale; fi

bench: setup
	@$(BIN)/python -m bench all --json

# what it gives goes to tests/trust/results.toml and from there to docs/trust.md
trust: setup
	mkdir -p dist
	POS_TRUST=full $(BIN)/python -m pytest -n 2 -o faulthandler_timeout=7200 --junitxml=dist/trust.xml \
		$$($(BIN)/python -m tests.trust.proofs --tests)
	POS_TRUST=full $(BIN)/python -m tests.trust.proofs dist/trust.xml
	$(BIN)/python -m tests.stale --write

# 500 changes to the rules, drawn by a seed, against the tests of the rules
mutants: setup
	$(BIN)/python -m tests.trust.mutants

# 10,000 sales on one till in a terminal, with faults coming and going
soak: setup
	$(BIN)/python -m tests.trust.soak

# what a shop installs, with versions and hashes, as CycloneDX
sbom: setup
	mkdir -p dist
	$(BIN)/python -m tests.trust.supply | $(BIN)/cyclonedx-py requirements \
		--pyproject pyproject.toml --output-reproducible -o dist/guitai.cdx.json -

# Pins stay as they are unless asked: `make lock UPGRADE=--upgrade`. uv resolves for every platform
# and every Python from 3.11 on at once, and writes no index address.
lock: $(if $(UV),,setup)
	command -v uv >/dev/null || $(BIN)/python -m pip install --quiet uv
	printf 'hatchling>=1.26\neditables>=0.5\n' | PATH="$$PATH:$(CURDIR)/$(BIN)" uv pip compile \
		--quiet --universal --python-version 3.11 --extra dev --extra headoffice --generate-hashes --no-annotate \
		--custom-compile-command 'make lock' $(UPGRADE) \
		-o requirements.lock pyproject.toml -

# Everything below .venv is made by these commands and may be thrown away. Needs make and Python >= 3.11, nothing else.
# Paths are relative on purpose: the project's own folder may have spaces in its name.

SHELL := /bin/sh
VENV := .venv
PY := $(VENV)/bin/python
UV := uv==0.13.9
TESTS := tests
WORKERS := 3

# Another environment, or a pip that is set up for installing elsewhere, must not reach into ours.
unexport PYTHONPATH PYTHONHOME VIRTUAL_ENV
export PYTHONNOUSERSITE := 1
export PIP_DISABLE_PIP_VERSION_CHECK := 1
export PIP_REQUIRE_VIRTUALENV := 0
export PIP_USER := 0
export PIP_CONSTRAINT := /dev/null
PIP := $(PY) -m pip install -qq --no-input --no-warn-script-location
OR_SAY = || { echo "pip could not install it: is the package index reachable?" >&2; exit 1; }

# What was installed, where and with which Python; anything else (the folder moved, Python upgraded) starts anew.
HERE = $$(pwd -P) $$($(PY) --version 2>&1)
$(shell [ ! -e $(VENV) ] || [ "$$(cat $(VENV)/.made-for 2>/dev/null)" = "$(HERE)" ] || rm -rf $(VENV))

.DEFAULT_GOAL := help
.PHONY: help demo run test check tests needs format lock catalogue endpoints bench clean
.DELETE_ON_ERROR:
.NOTPARALLEL:

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' Makefile

demo: $(VENV)/.runs ## Run two federating nodes with sample content; Ctrl-C stops both
	@exec $(PY) -m node demo

run: $(VENV)/.runs ## Run one empty node on http://localhost:8000, kept in .node
	@[ -f .node/config.toml ] || $(PY) -m node init --config .node/config.toml \
		--domain localhost:8000 --base-url http://localhost:8000 --listen 127.0.0.1:8000 --insecure-http
	@exec $(PY) -m node serve --config .node/config.toml

test: check needs tests ## Run every check and every test

check: $(VENV)/.tests ## Run the checks that need no test: style, types, imports
	@echo "ruff check";          $(PY) -m ruff check --quiet .
	@echo "ruff format --check"; $(PY) -m ruff format --check --quiet . || { echo "run: make format" >&2; exit 1; }
	@echo "mypy";                $(PY) -m mypy --no-error-summary
	@echo "basedpyright";        $(PY) -m basedpyright --level error > $(VENV)/basedpyright.log \
		|| { cat $(VENV)/basedpyright.log; exit 1; }
	@echo "lint-imports";        $(VENV)/bin/lint-imports > $(VENV)/lint-imports.log \
		|| { cat $(VENV)/lint-imports.log; exit 1; }

needs: $(VENV)/.tests ## Find or install what tests need beyond Python
	@$(PY) -m tests.needs

tests: $(VENV)/.tests ## Run the tests alone; TESTS=tests/storage for a part
	@$(PY) -m pytest -q -n $(WORKERS) --dist loadgroup $(TESTS)

format: $(VENV)/.tests ## Write the code as the checks want it
	@$(PY) -m ruff check --quiet --fix-only .
	@$(PY) -m ruff format .

catalogue: $(VENV)/.tests ## Collect the texts of code and templates anew
	@$(PY) -m tests.house.catalogue

endpoints: $(VENV)/.tests ## Write docs/client-api.md anew from the routes
	@$(PY) -m tests.house.client_api

lock: $(VENV)/.tests ## Choose the newest allowed releases of every dependency
	@$(PIP) "$(UV)"
	@$(PY) -m uv pip compile --no-config --quiet --upgrade --universal --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" --group build pyproject.toml -o requirements.txt
	@$(PY) -m uv pip compile --no-config --quiet --upgrade --universal --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" --group dev -c requirements.txt -o requirements-dev.txt
	@$(PY) -m uv pip compile --no-config --quiet --upgrade --universal --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" --group postgres -o requirements-postgres.txt
	@$(PY) -m uv pip compile --no-config --quiet --upgrade --universal --generate-hashes --no-emit-index-url \
		--custom-compile-command "make lock" --group bovine -o tests/peers/bovine/requirements.txt

bench: $(VENV)/.tests ## Measure speed and memory; takes minutes
	@$(PY) -m bench

clean: ## Throw away what these commands made, the demo's and the empty node's data included
	rm -rf $(VENV) .demo .node build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

$(VENV)/.made-for: Makefile
	@if [ ! -x $(PY) ]; then \
		for one in "$(PYTHON)" python3 python3.14 python3.13 python3.12 python3.11; do \
			[ -n "$$one" ] && "$$one" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && break || one=; \
		done; \
		[ -n "$$one" ] || { echo "Python 3.11 or newer is needed: put it on PATH, or say make PYTHON=/path/to/python3" >&2; exit 1; }; \
		echo "making $(VENV) with $$("$$one" --version)"; \
		"$$one" -m venv --clear $(VENV) > $(VENV).log 2>&1 || { tail -n 5 $(VENV).log >&2; rm -rf $(VENV) $(VENV).log; \
			echo "python3 -m venv does not work here: on Debian and Ubuntu, apt install python3-venv" >&2; exit 1; }; \
		rm -f $(VENV).log; \
	fi
	@echo "$(HERE)" > $@

$(VENV)/.runs: $(VENV)/.made-for requirements.txt pyproject.toml
	@echo "installing what a node needs"
	@$(PIP) --require-hashes -r requirements.txt $(OR_SAY)
	@$(PIP) --no-deps --no-build-isolation --editable . $(OR_SAY)
	@touch $@

$(VENV)/.tests: $(VENV)/.runs requirements-dev.txt
	@echo "installing what the checks and tests need"
	@$(PIP) --require-hashes -r requirements-dev.txt $(OR_SAY)
	@touch $@

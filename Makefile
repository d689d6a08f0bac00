# Everything runs in .venv, which is brought up to date when pyproject.toml or uv.lock change.
# Arguments go to the command: make test ARGS="-k screening"

PYTHON ?= python3
ARGS ?=

BIN := .venv/bin
TOOLS := .venv/.tools
SYNCED := .venv/.synced
CACHES := .pytest_cache .ruff_cache .hypothesis .import_linter_cache

.DEFAULT_GOAL := help
.PHONY: help demo demo-quick serve test check docs wheel bench chaos clean

help: ## List the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' Makefile

demo: $(SYNCED) ## Rehearse the docket of 2019-2020, on servers of its own
	@$(BIN)/python starter.py demo $(ARGS)

demo-quick: $(SYNCED) ## Send ten applications through, on servers of its own
	@$(BIN)/python starter.py demo-quick $(ARGS)

serve: $(SYNCED) ## Run the service until Ctrl-C
	@$(BIN)/python worker.py $(ARGS)

# Two processes, each with servers of its own, and a file of tests in one of them: most of the time goes into waiting.
test: $(SYNCED) ## Run the tests
	@$(BIN)/python -m pytest -n 2 --dist loadfile $(ARGS)

check: $(SYNCED) ## Check style, types and the directions of imports
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/pyright
	@$(BIN)/lint-imports

docs: $(SYNCED) ## Build the site of docs/ into site/, every link checked
	@$(BIN)/zensical build --strict --clean $(ARGS)

wheel: $(SYNCED) ## Build the package for other services into dist/
	@uv=uv; command -v uv >/dev/null || uv=$(TOOLS)/bin/uv; $$uv build --wheel --quiet && ls dist/*.whl

bench: $(SYNCED) ## Measure throughput and latency
	@$(BIN)/python -m bench $(ARGS)

chaos: $(SYNCED) ## Kill, stop and cut off what the service is made of, under load
	@$(BIN)/python -m tests.chaos $(ARGS)

clean: ## Remove caches; .venv and recorded data stay
	@rm -rf $(CACHES)
	@find . -path ./.venv -prune -o -name __pycache__ -type d -prune -exec rm -rf {} +

# uv comes from PATH, or from an environment of its own: `uv sync` removes from .venv what it did not put there.
$(SYNCED): pyproject.toml uv.lock
	@set -e; \
	say() { echo "$$*" >&2; }; \
	works() { "$$@" >/dev/null 2>&1; }; \
	recent() { works "$$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; }; \
	recent $(BIN)/python || rm -rf .venv; \
	uv=uv; works uv --version || uv=$(TOOLS)/bin/uv; \
	if ! test -x $(BIN)/python || ! works $$uv --version; then \
	    for python in "$(PYTHON)" python3.14 python3.13 python3.12 python3.11 none; do \
	        if recent "$$python"; then break; fi; \
	    done; \
	    if test "$$python" = none; then \
	        say "Python 3.11 or newer is needed, and $(PYTHON) is not: install it, or name it: make PYTHON=..."; \
	        exit 1; \
	    fi; \
	    if test $$uv != uv && ! works "$$python" -c 'import venv, ensurepip'; then \
	        say "$$python lacks its venv module: install it (on Debian: apt install python3-venv) or uv"; \
	        exit 1; \
	    fi; \
	fi; \
	export UV_PROJECT_ENVIRONMENT="$(CURDIR)/.venv"; unset VIRTUAL_ENV; \
	cache="$${UV_CACHE_DIR:-$${XDG_CACHE_HOME:-$${HOME:-/nowhere}/.cache}/uv}"; \
	if ! works mkdir -p "$$cache" || ! test -w "$$cache"; then export UV_CACHE_DIR="$(CURDIR)/.venv/.cache"; fi; \
	quiet=; test -t 2 || quiet=--quiet; \
	say "Bringing .venv up to date (a first time takes a minute and 1.6 GB)"; \
	if test $$uv = uv; then \
	    test -x $(BIN)/python || uv venv --quiet --python "$$python" .venv; \
	else \
	    test -x $(BIN)/python || "$$python" -m venv --without-pip .venv; \
	    if ! works $$uv --version; then \
	        "$$python" -m venv --clear $(TOOLS); \
	        $(TOOLS)/bin/python -m pip install --quiet --no-cache-dir --disable-pip-version-check 'uv>=0.9,<1'; \
	    fi; \
	fi; \
	$$uv sync --frozen --compile-bytecode $$quiet; \
	touch $@

# make chat    set everything up, then open the assistant's page
# make test    set everything up, then format, lint, types, import contracts and tests
# make bench   speed and memory, beside a plain LangChain + Chroma retrieval
# make clean   remove the environment and everything that was built
#
# PYTHON=...       the Python to use, 3.11 or newer
# TORCH_INDEX=...  package index with CPU builds of torch, if pip's own has none for this machine
# SMALL_MODEL=yes  make test: with one real small language model, which fetches another 150 MB
# PORT=...         port of the page (default 8000)

PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && echo "$$p" && break; done)
BIN := .venv/bin
PORT ?= 8000

.PHONY: chat test bench clean

chat: .venv/.installed
	@$(BIN)/assistant serve --port $(PORT)

test: .venv/.installed-dev $(if $(SMALL_MODEL),.venv/.installed-model)
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache
	$(if $(SMALL_MODEL),SMALL_MODEL=required) $(BIN)/pytest -n 2 $(PYTEST)

bench: .venv/.installed-dev
	$(BIN)/python -m tests.acceptance.bench

clean:
	rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis .import_linter_cache

.venv/.installed: pyproject.toml constraints.txt tools/install.py
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found. Install one, or name it: make chat PYTHON=/path/to/python3.12" >&2; exit 1; }
	@"$(PYTHON)" tools/install.py
	@touch $@

.venv/.installed-dev: pyproject.toml constraints.txt tools/install.py
	@test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed, and none was found. Install one, or name it: make test PYTHON=/path/to/python3.12" >&2; exit 1; }
	@"$(PYTHON)" tools/install.py dev
	@touch .venv/.installed $@

.venv/.installed-model: .venv/.installed-dev
	@"$(PYTHON)" tools/install.py dev,small-model
	@touch .venv/.installed .venv/.installed-dev $@

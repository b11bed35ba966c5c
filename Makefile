# make pack | make test | make lab | make help: everything is set up in .venv first.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
TEST_READY := $(VENV)/.ready-test
PERIOD ?= 2020-10

.PHONY: help pack test lab clean

help:
	@echo "make pack   set up, write the demonstration extract, make the October 2020 pages"
	@echo "make test   set up and run every test and check"
	@echo "make lab    set up and open the month's working notebooks in JupyterLab"
	@echo "make clean  remove what runs wrote to outputs/ (asks nothing; published packs stay)"

# The pip that comes with an older Python takes twice as long; without a newer one it takes just that.
$(VENV):
	@echo "Setting up $(VENV) (a few minutes the first time)"
	$(PYTHON) -m venv $(VENV)
	-$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip

$(READY): pyproject.toml constraints.txt | $(VENV)
	$(BIN)/python -m pip install -qq --no-compile -c constraints.txt -e .
	@touch $@

# What the tests need holds what a pack needs, so it is one installation. Python compiles what it imports:
# compiling all that is installed (--no-compile leaves it) would take most of a minute more.
$(TEST_READY): pyproject.toml constraints.txt | $(VENV)
	$(BIN)/python -m pip install -qq --no-compile -c constraints.txt -e ".[test]"
	@touch $(READY) $@

pack: $(READY)
	$(BIN)/csd demo
	$(BIN)/csd run $(PERIOD)

# mypy needs one core for half a minute: pytest has the other meanwhile.
test: $(TEST_READY)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy & types=$$!; $(BIN)/python -m pytest; tests=$$?; wait $$types && exit $$tests

lab: $(READY)
	$(BIN)/csd lab $(PERIOD)

clean:
	rm -rf outputs/demo outputs/20[0-9][0-9]-[01][0-9] outputs/20*.failed outputs/.20*

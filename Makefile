# Each command sets up its own environment in .venv on first use; python3 (>= 3.11), git and make
# are all that is needed.
PYTHON ?= python3
BIN := .venv/bin
# Tests and commands run in many processes: each would compile every module again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: report test verify lint bench bench-short bench-peers slow fuzz clean

report: .venv/installed
	$(BIN)/olive report

# What measures time runs alone, and nothing else is collected for it; the rest on every core.
TIMED := $(shell grep -rl "mark.timing" tests)
test: .venv/installed
	$(BIN)/python -m pytest -m "timing and not slow" $(TIMED)
	$(BIN)/python -m pytest -m "not slow and not timing" --numprocesses auto --dist worksteal

slow: .venv/installed
	$(BIN)/python -m pytest -m "slow and timing" $(TIMED)
	$(BIN)/python -m pytest -m "slow and not timing" --numprocesses auto --dist load --maxschedchunk 1

# Every test whose inputs are drawn, slow ones too, on inputs that no run drew before, ROUNDS times.
ROUNDS ?= 3
fuzz: .venv/installed
	for round in $$(seq $(ROUNDS)); do \
	  $(BIN)/python -m pytest -m hypothesis --hypothesis-profile=fuzz --numprocesses auto \
	    --dist load --maxschedchunk 1 $(OPTIONS) || exit 1; \
	done

# Every run of the rules on both backends, which must agree to the bit.
VERIFIED ?= tests/simulation tests/china tests/taizhou tests/zhejiang tests/places
verify: .venv/installed
	OLIVE_VERIFY=1 $(BIN)/python -m pytest -m "not slow and not timing" --numprocesses auto --dist worksteal $(VERIFIED)

lint: .venv/installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

SUITE := $(BIN)/python -m pytest benchmarks/suite --benchmark-columns=median,min,rounds

bench: .venv/installed
	$(BIN)/python benchmarks/run.py
	$(SUITE) $(OPTIONS)

bench-short: .venv/installed
	$(BIN)/python benchmarks/run.py --households 50000 --city-households 100000
	$(SUITE) --households 1000 -k "not uncertainty and not attribution" --benchmark-min-rounds=1 --benchmark-max-time=0.1

# The same rules on the engines that users could pick instead, each in an environment of its own;
# `make bench-peers OPTIONS=--write-docs` renews docs/benchmarks.md.
bench-peers: .venv/installed
	$(BIN)/python benchmarks/compare.py $(OPTIONS)

.venv/installed: pyproject.toml examples/shire/pyproject.toml
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[test]' --editable examples/shire
	touch $@

clean:
	rm -rf .venv build dist src/*.egg-info

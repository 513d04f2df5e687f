# `make demo` and `make test` set everything up by themselves; the rest is for those who work on nashscape.
PYTHON ?= $(shell command -v python3.11 || echo python3)
BIN := .venv/bin
STAMP := .venv/installed
# a package of somebody else, as tests play it
OUTSIDE := .venv/outside
# libraries to compare with
# what drives the explorer in a browser
BROWSER := .venv/browser
ORACLES := $(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --editable '.[oracles]'
# without bytecode every command that tests start would compile the library again
unexport PYTHONDONTWRITEBYTECODE
CORES := $(shell nproc 2>/dev/null || echo 2)

# what becomes of a release, in environments of its own
RELEASE := .venv-release
SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 0)

.PHONY: demo test test-long test-app bench-app doctest docs lint types contract check bench same-bits mutants oracles lock \
	dist sbom notices clean

demo: $(STAMP)
	$(BIN)/nashscape reproduce basin-entry --out out/demo

test: $(STAMP) $(OUTSIDE)
	JAX_NUM_CPU_DEVICES=2 $(BIN)/python -m pytest -n $(CORES) --dist worksteal -q -m "not long and not browser" tests

test-long: $(STAMP) $(OUTSIDE)
	JAX_NUM_CPU_DEVICES=2 $(BIN)/python -m pytest -n $(CORES) --dist worksteal -q -m "not browser" tests

doctest: $(STAMP)
	JAX_NUM_CPU_DEVICES=2 $(BIN)/python -m pytest -n $(CORES) --dist worksteal -q --doctest-modules src/nashscape
	$(BIN)/python -m pytest -n $(CORES) --dist worksteal -q --doctest-glob="*.md" README.md docs

# the explorer in a real browser: Chromium of the system, driven by Playwright, looked at by axe
test-app: $(BROWSER)
	$(BIN)/python -m pytest -q tests/browser

bench-app: $(BROWSER)
	$(BIN)/python -m benchmarks.explorer

AXE := 4.11.0
$(BROWSER): $(STAMP)
	@command -v $${CHROMIUM:-chromium} >/dev/null || command -v chromium-browser >/dev/null \
		|| { echo 'the tests of the explorer take Chromium: apt-get install chromium, or CHROMIUM=/path/to/it' >&2; exit 1; }
	@command -v npm >/dev/null || { echo 'the tests of the explorer take npm, for axe: apt-get install npm' >&2; exit 1; }
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --editable '.[app,browser]'
	mkdir -p out/axe && npm install --silent --no-save --prefix out/axe axe-core@$(AXE)
	@touch $@

# the site, in out/site: nothing in it may be undocumented, lead nowhere or be loaded from elsewhere
docs: $(STAMP)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --editable '.[docs]'
	PATH="$(CURDIR)/$(BIN):$$PATH" NO_MKDOCS_2_WARNING=1 $(BIN)/python -m mkdocs build --strict --quiet
	$(BIN)/python -m checks.site out/site

lint: $(STAMP)
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/python -m mutants --check
	$(BIN)/python -m checks.dispatches

types: $(STAMP)
	$(BIN)/mypy

contract: $(STAMP)
	$(BIN)/lint-imports

check: test lint types contract doctest

bench: $(STAMP)
	$(ORACLES)
	$(BIN)/python -m benchmarks

# make same-bits BASE=tag: whether this tree computes the published runs as that commit did, bit by bit
BASE ?= HEAD
same-bits: $(STAMP)
	$(BIN)/python benchmarks/same_bits.py --base $(BASE)

# single wrong changes to the library, which tests must notice: all, or those of some rooms (ROOMS="core theory")
mutants: $(STAMP)
	JAX_NUM_CPU_DEVICES=2 $(BIN)/python -m mutants $(ROOMS)

oracles: $(STAMP)
	$(ORACLES)
	$(BIN)/python -m oracles
	$(BIN)/python -m checks.foreign_blocks

# Exactly the versions that were tested; `pip install nashscape` takes any that are new enough.
$(STAMP): pyproject.toml requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo 'nashscape needs Python 3.11 or newer; call make with PYTHON=/path/to/it' >&2; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	@touch $@

$(OUTSIDE): $(STAMP) tests/outside/beacon/pyproject.toml
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation \
		--editable tests/outside/beacon
	@touch $@

# wheel and source archive, looked at, and the wheel tried where nothing else is installed
dist: $(STAMP)
	rm -rf dist/nashscape-*
	SOURCE_DATE_EPOCH=$(SOURCE_DATE_EPOCH) $(BIN)/python -m hatchling build -d dist
	$(BIN)/python -m checks.archives dist
	$(PYTHON) -m venv --clear $(RELEASE)
	$(RELEASE)/bin/python -m pip install --quiet --disable-pip-version-check dist/nashscape-*.whl
	cd $(RELEASE) && bin/python -I -m nashscape.testing.smoke
	$(RELEASE)/bin/python -I checks/licences.py nashscape

# the parts of an installation, as CycloneDX has them: dist/sbom.json
sbom: $(STAMP)
	$(PYTHON) -m venv --clear $(RELEASE)
	$(RELEASE)/bin/python -m pip install --quiet --disable-pip-version-check .
	$(PYTHON) -m venv --clear $(RELEASE)-sbom
	$(RELEASE)-sbom/bin/python -m pip install --quiet --disable-pip-version-check 'cyclonedx-bom>=7'
	mkdir -p dist
	$(RELEASE)-sbom/bin/cyclonedx-py environment --output-reproducible --of JSON -o dist/sbom.json $(RELEASE)

# licences of all that nashscape itself needs: dist/NOTICES.txt; fails where one asks for what ours does not
notices: $(STAMP)
	mkdir -p dist
	$(BIN)/python checks/licences.py nashscape > dist/NOTICES.txt
	@echo dist/NOTICES.txt

lock: $(STAMP)
	$(BIN)/python -m pip install --quiet uv
	UV_NO_CONFIG=1 $(BIN)/uv pip compile --quiet --no-header --no-emit-index-url --generate-hashes \
		--python-version 3.11 --extra dev pyproject.toml -o requirements.lock

clean:
	rm -rf .venv $(RELEASE) $(RELEASE)-sbom out dist .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache

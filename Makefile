# GNU make. `make` alone lists the targets; the texts are the comments behind the double hash.

# The interpreter that the virtual environment is made with, 3.11 or newer.
PYTHON ?= python3
# What `make demo` hands to `citypatrol demo`, and `make test` to pytest.
ARGS ?=

# Many tests wait for servers to start: two files at once leave no core idle. Each file stays in one
# process, as its tests share their servers. A process that crashes ends the run: xdist would hand
# its file out again, with the test that crashed it, and hang. `make test PARALLEL=` runs one test
# after another.
PARALLEL ?= --numprocesses 2 --dist loadfile --no-loadscope-reorder --max-worker-restart 0

VENV := .venv
BIN := $(VENV)/bin
INSTALLED := $(VENV)/.installed
EXTRAS := worker,demo,train,s3,test
# Running needs no torch: the demo is installed in about a minute, the rest when it is asked for.
RUNS := $(VENV)/.runs
RUN_EXTRAS := worker,demo
PIP_INSTALL := $(BIN)/python -m pip install --disable-pip-version-check -c constraints.txt
# Wheels that only some platforms have; torch asks for the ones it needs by itself.
PLATFORM_WHEELS := ^(nvidia-|cuda-|triton)

.DEFAULT_GOAL := help
.PHONY: help install demo test fuzz check format constraints clean

help: ## List the targets
	@grep -hE '^[a-z]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "make %-12s %s\n", $$1, $$2}'

install: $(INSTALLED) ## Make .venv with all that CityPatrol needs (PYTHON=python3.12 for another Python)

$(INSTALLED): $(RUNS)
	$(PIP_INSTALL) -e '.[$(EXTRAS)]'
	@touch $@

# One line each, so that the reader sees the cause and not a traceback.
$(RUNS): pyproject.toml constraints.txt
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "$(PYTHON) is missing or older than 3.11; name another one: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || \
		{ echo "$(PYTHON) cannot make virtual environments; on Debian: apt-get install python3-venv" >&2; exit 1; }
	$(PYTHON) -m venv $(VENV)
	$(PIP_INSTALL) -e '.[$(RUN_EXTRAS)]'
	@touch $@

demo: $(RUNS) ## Run CityPatrol on street footage: console on http://127.0.0.1:8080 (ARGS="--help")
	@exec $(BIN)/citypatrol demo $(ARGS)

test: $(INSTALLED) ## Run the whole test suite (ARGS="tests/streams -x" for a part)
	@exec $(BIN)/python -m pytest $(PARALLEL) $(ARGS)

fuzz: export FUZZ_PHASES := examples,coverage,fuzzing,stateful
fuzz: export FUZZ_EXAMPLES ?= 60
fuzz: export FUZZ_SECONDS ?= 7200
fuzz: $(INSTALLED) ## Send the API what its description allows, and what not (FUZZ_EXAMPLES=500 for more)
	@exec $(BIN)/python -m pytest --timeout 0 tests/api/http/test_document_fuzz.py $(ARGS)

check: $(INSTALLED) ## Lint, formatting, types, Dockerfile
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/hadolint Dockerfile

format: $(INSTALLED) ## Format the code and repair what ruff can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

constraints: $(INSTALLED) ## Pin what .venv holds in constraints.txt
	{ echo '# What was tested; written by `make constraints`.'; \
		$(BIN)/python -m pip freeze --exclude-editable | sed 's/+.*//' | grep -vE '$(PLATFORM_WHEELS)'; \
	} > constraints.new
	mv constraints.new constraints.txt
	@touch $(RUNS) $(INSTALLED)

clean: ## Remove .venv and all caches
	rm -rf $(VENV) build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

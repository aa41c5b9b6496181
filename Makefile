# Two commands: `make demo` shows it, `make test` proves it. The rest is for people who work on it.
VENV := .venv
PY := $(VENV)/bin/python
DEMO_ARGS ?=
PYTEST_ARGS ?=
WORKERS ?= 3
unexport PYTHONDONTWRITEBYTECODE # the tests start hundreds of commands; with its bytecode kept each starts in half the time

.PHONY: demo test check bench proof mutation clean
demo: $(VENV)/.runtime
	$(VENV)/bin/seinhuis demo $(DEMO_ARGS)

test: check
	$(PY) -m pytest -q -m alone $(PYTEST_ARGS) || [ $$? -eq 5 ] # 5: none of those chosen
	$(PY) -m pytest -q -m "not alone" -n $(WORKERS) $(PYTEST_ARGS)

check: $(VENV)/.dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports --no-cache

bench: $(VENV)/.runtime
	$(VENV)/bin/seinhuis bench

proof: $(VENV)/.dev
	SEINHUIS_PROOF=1 $(PY) -m pytest -q tests/faults tests/http/test_schemathesis.py tests/rules/test_two_engines.py \
	  tests/store/test_log_outside.py tests/matching/test_month.py tests/feedback/test_fuzz.py tests/store/test_plans.py \
	  tests/files/test_kills.py tests/files/test_sftp_file.py tests/isolation $(PYTEST_ARGS)

mutation: $(VENV)/.dev
	SEINHUIS_SIGNALEN=3000 $(PY) -m tests.mutation.plan

$(PY):
	python3 -m venv $(VENV)

$(VENV)/.runtime: requirements.lock pyproject.toml | $(PY)
	$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock
	$(PY) -m pip install -q --disable-pip-version-check --no-deps --no-build-isolation -e .
	touch $@

$(VENV)/.dev: requirements-dev.lock $(VENV)/.runtime
	$(PY) -m pip install -q --disable-pip-version-check --require-hashes -r requirements-dev.lock
	touch $@

clean:
	rm -rf $(VENV) .seinhuis build *.egg-info

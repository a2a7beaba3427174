# `make` prints what can be made. Everything happens in .venv; nothing else on the machine is touched.
PYTHON ?= python3
ARGS ?=
QUICK ?=
VENV := .venv
BIN := $(VENV)/bin
INSTALL := $(BIN)/python -m pip install --quiet --disable-pip-version-check
MAKE_VENV = $(PYTHON) -c "$(PYTHON_TEST)" && $(PYTHON) -m venv
PYTHON_TEST := import sys; (3, 11) <= sys.version_info < (3, 15) or sys.exit('Python 3.11 to 3.14 is needed and \
  $(PYTHON) is %d.%d: name another, such as make run PYTHON=python3.13' % sys.version_info[:2])

.DEFAULT_GOAL := help
.PHONY: help run test test-fast check chaos kill-backfill format matrix canary fuzz-records purge-year rotate-load bench \
  bench-webhooks fuzz-webhooks torture-webhooks schema docs lock wheel clean sim fault-points mutants worlds first-load \
  environments system-packages alerts kill-consumers many-accounts image-test deploy-lint screenshots

help: ## Show this help
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed 's/:.*## /\t/' | expand -t 14

$(VENV)/run.stamp: requirements.txt pyproject.toml
	@test -x $(BIN)/python || { $(MAKE_VENV) $(VENV); }
	$(INSTALL) --require-hashes -r requirements.txt
	$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

$(VENV)/dev.stamp: requirements-dev.txt pyproject.toml
	@test -x $(BIN)/python || { $(MAKE_VENV) $(VENV); }
	$(INSTALL) --require-hashes -r requirements-dev.txt
	$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@ $(VENV)/run.stamp

$(VENV)/bench.stamp: $(VENV)/dev.stamp requirements-bench.txt
	$(INSTALL) --require-hashes -r requirements-bench.txt
	@touch $@

run: $(VENV)/run.stamp ## Start the daemon; servers that are not configured are embedded (ARGS="--for 60s")
	@exec $(BIN)/savvycal-sync run $(ARGS)

test: $(VENV)/dev.stamp ## Run all tests, two processes side by side, each with a Postgres and a Valkey of its own (ARGS="-k name")
	$(BIN)/python -m pytest -n 2 --dist worksteal -m "not servers" $(ARGS)

test-fast: $(VENV)/dev.stamp ## Run the unit tests: no servers, under 30 s
	$(BIN)/python -m pytest -n 2 -q tests/unit $(ARGS)

check: $(VENV)/dev.stamp ## Format, lint, types and the import map
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

format: $(VENV)/dev.stamp ## Format the code
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

matrix: $(VENV)/dev.stamp ## Write the matrix of roles (tests/support/role_matrix.txt)
	$(BIN)/python -m tests.support.role_matrix

canary: $(VENV)/dev.stamp ## Force errors everywhere with unique secrets, then search 14 sinks (ARGS="--rounds 6")
	$(BIN)/python -m tests.campaigns.leaks $(ARGS)

fuzz-records: $(VENV)/dev.stamp ## Feed 200,000 mutated records through the real path (ARGS="--records 20000")
	$(BIN)/python -m tests.campaigns.fuzz $(ARGS)

purge-year: $(VENV)/dev.stamp ## Simulate a year of credentials (ARGS="--count 30" days)
	$(BIN)/python -m tests.integration.privacy year $(ARGS)

rotate-load: $(VENV)/dev.stamp ## Rotate the keys of 100,000 credentials under load (ARGS="--count 1000")
	$(BIN)/python -m tests.integration.privacy rotation $(ARGS)

bench: $(VENV)/bench.stamp ## Compare with other ways of syncing, into docs/benchmarks (QUICK=1 for a short run, ARGS="--only daemon")
	$(BIN)/python -m tests.campaigns.bench $(if $(QUICK),--quick) $(ARGS)

bench-webhooks: $(VENV)/dev.stamp ## Measure webhooks: answer time under load, and from a change to its row
	$(BIN)/python -m tests.campaigns.bench.webhooks $(ARGS)

fuzz-webhooks: $(VENV)/dev.stamp ## Send 200,000 hostile requests to the receiver (ARGS="--seed 7")
	$(BIN)/python -m tests.campaigns.fuzz.webhooks $(ARGS)

torture-webhooks: $(VENV)/dev.stamp ## Kill Postgres and the daemon under load, again and again (ARGS="--rounds 20")
	$(BIN)/python -m tests.campaigns.chaos.webhooks $(ARGS)

environments: $(VENV)/dev.stamp ## Poolers, roles, sentinels, clusters, a browser: what people run (ARGS="-k pooler")
	$(BIN)/python -m pytest -n 2 --dist worksteal -rs tests/environments $(ARGS)

system-packages: ## Install what the documentation's examples, `make environments`, `make image-test` and `make screenshots` need (apt, as root)
	apt-get update -q
	apt-get install -qy --no-install-recommends curl pgbouncer redis-server redis-sentinel postgresql systemd buildah debootstrap \
	  chromium pngquant

screenshots: $(VENV)/dev.stamp ## Take the pictures of README and docs, in Chromium, into docs/screenshots
	$(BIN)/python -m tests.support.screenshots
	pngquant --force --ext .png --strip 64 docs/screenshots/*.png

many-accounts: $(VENV)/dev.stamp ## What one process with 1,000 accounts holds open, and how soon it answers (ARGS="--count 200")
	$(BIN)/python -m tests.campaigns.accounts $(ARGS)

kill-consumers: $(VENV)/dev.stamp ## Kill the consumers of docs/change-feed.md, 1,000 times each (ARGS="--kills 50")
	$(BIN)/python -m tests.campaigns.feed $(ARGS)

chaos: $(VENV)/dev.stamp ## Real daemons and servers, everything goes wrong (MINUTES=10, at least 3; SEED=7 repeats a schedule)
	$(BIN)/python -m tests.campaigns.chaos --minutes $(or $(MINUTES),10) $(if $(SEED),--seed $(SEED)) $(ARGS)

kill-backfill: $(VENV)/dev.stamp ## Kill the daemon in the middle of a first load, count requests (ARGS="--kills 10")
	$(BIN)/python -m tests.campaigns.chaos.backfill $(ARGS)

schema: $(VENV)/run.stamp ## Print schema.sql as the program would apply it
	@$(BIN)/savvycal-sync schema print

docs: $(VENV)/dev.stamp ## Write the generated parts of README and docs
	$(BIN)/python -m tests.support.docs_generated --write

lock: ## Resolve the requirement files again (needs uv)
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --extra embedded --extra build pyproject.toml -o requirements.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --extra dev --extra build pyproject.toml -o requirements-dev.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --constraint requirements-dev.txt --extra bench --extra build pyproject.toml -o requirements-bench.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --group pyproject.toml:sbom -o deploy/requirements-sbom.txt
	uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header --no-annotate \
	  --group pyproject.toml:deploy-lint -o requirements-deploy-lint.txt

$(VENV)/deploy-lint/run.stamp: requirements-deploy-lint.txt
	@test -x $(VENV)/deploy-lint/bin/python || { $(MAKE_VENV) $(VENV)/deploy-lint; }
	$(VENV)/deploy-lint/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-deploy-lint.txt
	@touch $@

deploy-lint: $(VENV)/deploy-lint/run.stamp ## Check compose and Kubernetes files against the schemas of their platforms
	$(VENV)/deploy-lint/bin/check-jsonschema --builtin-schema vendor.compose-spec deploy/compose.yaml
	$(VENV)/deploy-lint/bin/kubernetes-validate --strict $(filter-out %/podmonitor.yaml,$(wildcard deploy/kubernetes/*.yaml))

image-test: $(VENV)/dev.stamp ## Build the container image and run it for 20 s (as root; ARGS="--base python@sha256:...")
	$(BIN)/python -m tests.campaigns.image $(ARGS)

alerts: ## Check the alert rules and their firing and silent cases (needs promtool)
	promtool check config --syntax-only deploy/prometheus/prometheus.yml
	promtool check rules deploy/prometheus/alerts.yml
	cd deploy/prometheus && promtool test rules alerts_test.yml

wheel: $(VENV)/dev.stamp ## Build the wheel into dist/
	$(BIN)/python -m pip wheel --quiet --disable-pip-version-check --no-deps --no-build-isolation -w dist .

clean: ## Remove .venv and caches (the data in .savvycal-sync stays)
	rm -rf $(VENV) dist build .mypy_cache .ruff_cache .pytest_cache .hypothesis

sim: $(VENV)/dev.stamp ## Run the simulation over seeds (SEEDS=20000), or replay one with its event log (SEED=7)
	PYTHONHASHSEED=0 $(BIN)/python -m tests.campaigns.simulation $(if $(SEED),--seed $(SEED),--seeds $(or $(SEEDS),500)) $(ARGS)

fault-points: $(VENV)/dev.stamp ## Every kind of fault at every I/O point of one scenario (ARGS="--share 15" for one in 15)
	PYTHONHASHSEED=0 $(BIN)/python -m tests.campaigns.simulation --fault-points $(ARGS)

worlds: $(VENV)/dev.stamp ## Test each way SavvyCal may answer: switches, damages, combinations (ARGS="--only NAME")
	$(BIN)/python -m tests.campaigns.worlds $(ARGS)

first-load: $(VENV)/dev.stamp ## Measure a first load of 2,000 objects, also with Postgres 80 ms away
	$(BIN)/python -m tests.campaigns.worlds.first_load

mutants: $(VENV)/dev.stamp ## Plant each known bug in a copy of the tree; fails when one survives (ARGS="--only lease")
	$(BIN)/python -m tests.campaigns.mutation $(ARGS)

.DEFAULT_GOAL := help
EXAMPLES ?= 500
STORM ?= 10000
.PHONY: help run test lint fuzz pgbouncer peers storm bench new-feature

run: ## Set everything up and start Shopbell with two demo chains (PORT=8000)
	@infra/bin/setup && exec .venv/bin/python -m infra.dev

test: ## Set everything up and run every check and test, the browser ones included (ARGS="-k name")
	@infra/bin/setup && exec infra/bin/test $(ARGS)

lint: ## Style, types, import rules, secrets and advisories only
	@infra/bin/setup && exec infra/bin/test --lint

fuzz: ## Ask the rules and the API far more than a test run does (EXAMPLES=500)
	@infra/bin/setup && SHOPBELL_EXAMPLES=$(EXAMPLES) SHOPBELL_FUZZ_EXAMPLES=$(EXAMPLES) exec .venv/bin/pytest \
		--timeout 0 tests/contracts tests/rules/booking/test_slots.py \
		tests/isolation/test_swaps.py tests/isolation/test_every_input.py

pgbouncer: ## Show isolation, reused connections and storms through PgBouncer in transaction mode
	@infra/bin/setup && pooler=$$(infra/bin/pgbouncer) && SHOPBELL_TEST_PGBOUNCER=$$pooler exec .venv/bin/pytest \
		tests/isolation tests/kit/test_prepared.py tests/booking/test_no_overlap.py tests/booking/test_mixed_storm.py \
		$(ARGS)

peers: ## Send through Debian's Kannel to the simulator's SMSC (as root it is installed)
	@infra/bin/setup && infra/bin/kannel && exec .venv/bin/pytest tests/messaging/peers/kannel.py $(ARGS)

storm: ## Kill workers, silence Redis and cut off the database in the middle of 10,000 messages (STORM=10000)
	@infra/bin/setup && SHOPBELL_STORM=$(STORM) exec .venv/bin/pytest -s --timeout 0 tests/journeys/test_nothing_lost.py

bench: ## Measure the running product against limits taken in the same run (ARGS="booking")
	@infra/bin/setup && exec .venv/bin/shopbell bench $(ARGS)

new-feature: ## Write the skeleton of a new feature (NAME=gift_cards)
	@infra/bin/setup && exec infra/bin/new-feature $(NAME)

help: ## Show this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

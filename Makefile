# Every command a person types. `make` alone lists them.
PREFIX ?= /usr/local
DESTDIR ?=

.PHONY: help demo demo-envoy test soak fuzz torture docs test-oracle lib install uninstall dist deb
.PHONY: bench bench-envoy coverage lint format clean

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/  make \1~\2/p' Makefile | awk -F '~' '{ printf "%-18s %s\n", $$1, $$2 }'

demo: ## build, publish Examples/home.yaml into build/demo and show a few decisions
	@Scripts/setup demo
	@Scripts/demo

demo-envoy: ## an Envoy that asks Turnout: requests of several users, a change while it serves
	@Scripts/setup demo-envoy
	@Scripts/lib
	@Scripts/demo-envoy

test: ## every test of every language; ends in the line `N passed, M failed`
	@Scripts/setup test
	@Scripts/test $(SUITE)

soak: ## the long variants of the tests, at low priority: MINUTES=60 of each, SUITE="Soak Model"
	@Scripts/setup test
	@MINUTES='$(or $(MINUTES),60)' Scripts/soak $(SUITE)

docs: ## the Swift API, articles and symbols, as pages under build/docs
	@Scripts/setup lib
	@Scripts/docs

test-oracle: ## the second evaluator against the command: CASES=200000 decisions, SEED=7
	@Scripts/setup test
	@Tests/oracle/run $(if $(CASES),--cases $(CASES)) $(if $(SEED),--seed $(SEED))

coverage: ## what the whole suite runs, by line, region and function; writes Docs/coverage.md anew
	@Scripts/setup test
	@Scripts/coverage

torture: ## writers killed, power lost, calls failing, for half an hour: KILLS=2000 SEED=7 PART=power
	@Scripts/setup test
	@Scripts/lib
	@Tests/Torture/build
	@python3 Tests/Torture/torture.py $(if $(KILLS),--kills $(KILLS)) $(if $(SEED),--seed $(SEED)) $(PART)

lib: ## release build: build/lib/libturnout.so, build/bin/turnout and the module for Envoy
	@Scripts/setup lib
	@Scripts/lib

install: ## what `make lib` built, under PREFIX (/usr/local); honours DESTDIR, LIBDIR
	@PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' Scripts/install

uninstall: ## takes away what `make install` put under PREFIX
	@PREFIX='$(PREFIX)' DESTDIR='$(DESTDIR)' Scripts/install --remove

dist: build/bin/turnout ## a tarball of what `make lib` built, to unpack anywhere: build/dist
	@Scripts/dist

deb: build/bin/turnout ## Debian packages of what `make lib` built: build/deb
	@Scripts/deb

build/bin/turnout:
	@$(MAKE) --no-print-directory lib

bench: ## the benchmarks; writes a dated result under benchmarks/results
	@Scripts/setup bench
	@benchmarks/run

fuzz: ## libFuzzer and sanitizers over tables, documents, C calls: FUZZ=table, SECONDS=300 each, or RUNS=50000000
	@Scripts/setup test
	@SECONDS_EACH='$(SECONDS)' RUNS='$(RUNS)' Scripts/fuzz $(FUZZ)

bench-envoy: ## what routing in Envoy costs, and a hop that decodes; writes a dated result
	@Scripts/setup bench
	@benchmarks/envoy/run

lint: ## swift-format, clang-format, clang-tidy, ruff, shellcheck; changes nothing
	@Scripts/setup lint
	@Scripts/lint

format: ## rewrites Swift, C and Python as the formatters want them
	@Scripts/setup lint
	@Scripts/lint --fix

clean: ## takes away what was built; .venv stays
	rm -rf .build .build-lib .build-fuzz .build-thread .build-callers-* .build-coverage build

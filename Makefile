# What the README names. Every target installs what it needs first.

STORE ?= store
TRACE ?= traces/telegram-2021-10-04.yaml
SEEDS ?= 10000
SECONDS ?= 60
SPILLWAY = .build/release/spillway
BENCH = .build/release/spillway-bench

.PHONY: help replay test simulate fuzz fuzz-seeds bench build lint format clean dependencies python-env

help:
	@echo 'make replay   absorb the 70-million day into ./$(STORE) and print it by region'
	@echo 'make test     run every test'
	@echo 'make simulate run $(SEEDS) seeds of engine and store on a machine that loses its power'
	@echo 'make fuzz     read hostile files, $(SECONDS) seconds of each kind; TARGET=… for one kind'
	@echo 'make bench    measure ingestion on this machine'
	@echo 'make lint     check the formatting; make format mends it'

# Into a new store: one that an earlier run made there goes, anything else is left alone.
replay: build
	@if [ -e '$(STORE)/_spillway/store.json' ]; then rm -rf '$(STORE)'; fi
	$(SPILLWAY) replay '$(TRACE)' --store '$(STORE)'

test: dependencies python-env
	swift test
	Tests/Consumer/check

simulate: dependencies
	swift build -c release --product spillway-simulate
	.build/release/spillway-simulate --seeds $(SEEDS)

fuzz: dependencies
	Tests/Fuzz/run $(SECONDS) $(TARGET)

fuzz-seeds: dependencies
	Tests/Fuzz/run seeds

bench: dependencies
	swift build -c release --product spillway-bench
	$(BENCH) ingest

build: dependencies
	swift build -c release --product spillway

lint:
	swift format lint --strict --recursive Sources Tests Benchmarks Package.swift

format:
	swift format --in-place --recursive Sources Tests Benchmarks Package.swift

dependencies:
	@scripts/install-dependencies

python-env:
	@scripts/python-env

clean:
	rm -rf .build .venv

# What the README names. Every target installs what it needs first.

STORE ?= store
TRACE ?= traces/telegram-2021-10-04.yaml
SEEDS ?= 10000
SECONDS ?= 60
SPILLWAY = .build/release/spillway
BENCH = .build/release/spillway-bench
RESULTS ?= bench-results

.PHONY: help replay test simulate memory crash damage agree fuzz fuzz-seeds test-tsan test-tsan-concurrent test-asan bench build lint
.PHONY: bench-micro bench-micro-check bench-micro-renew stages
.PHONY: format clean dependencies python-env bench-peers bench-peers-test

help:
	@echo 'make replay   absorb the 70-million day into ./$(STORE) and print it by region'
	@echo 'make test     run every test'
	@echo 'make simulate run $(SEEDS) seeds of engine and store on a machine that loses its power'
	@echo 'make memory   fill a store beyond its memory limit, and ask the system what it took'
	@echo 'make crash    kill replays KILLS times, and check what they leave'
	@echo 'make damage   flip every bit of every kind of file, and look for what is not noticed'
	@echo 'make agree    ask DuckDB QUESTIONS random questions that Spillway is asked'
	@echo 'make test-tsan, make test-asan   the tests under the thread and the address sanitizer'
	@echo 'make fuzz     read hostile files, $(SECONDS) seconds of each kind; TARGET=… for one kind'
	@echo 'make bench    measure everything on this machine, about 10 minutes, into ./$(RESULTS)'
	@echo 'make bench-peers  measure its peers and Spillway in turn; PEERS="--rows N --rounds N …"'
	@echo 'make bench-micro        time each stage of ingestion'
	@echo 'make bench-micro-check  count each stage'"'"'s instructions, and hold them against the thresholds'
	@echo 'make lint     check the formatting; make format mends it'

# Into a new store: one that an earlier run made there goes, anything else is left alone.
replay: build
	@if [ -e '$(STORE)/_spillway/store.json' ]; then rm -rf '$(STORE)'; fi
	$(SPILLWAY) replay '$(TRACE)' --store '$(STORE)'

# What needs an optimized build comes last.
test: dependencies python-env
	swift test
	Tests/Consumer/check
	$(MAKE) simulate memory

simulate: dependencies
	swift build -c release --product spillway-simulate
	.build/release/spillway-simulate --seeds $(SEEDS)

memory: build
	Tests/Memory/check $(SPILLWAY)

# What is left out runs programs that are not built with the sanitizer (other languages' readers), or is about the
# moment of a kill, which a slow program only makes longer.
SANITIZED = --skip SpillwayInteropTests --skip SpillwayCrashTests

test-tsan: dependencies
	swift test --sanitize=thread --scratch-path .build-tsan $(SANITIZED)

# What has threads; most tests of the store and of faults have one only.
test-tsan-concurrent: dependencies
	swift test --sanitize=thread --scratch-path .build-tsan \
	  --filter 'SpillwayEngineTests.(Engine(Tests|ReopenTests|MaintenanceTests|ViewTests)|ConcurrentViewTests)' --filter SpillwayPlatformTests \
	  --filter SpillwayStoreTests.StoreView --filter SpillwayQueryTests.QueryTests \
	  --filter 'SpillwayCLITests.(ReplayCommandTests|PacedReplayTests)' --filter SpillwayTraceTests.TimeOrdered

# Leaks are not looked for: what lives as long as the process is not given back.
test-asan: dependencies
	ASAN_OPTIONS=detect_leaks=0 swift test --sanitize=address --scratch-path .build-asan $(SANITIZED)

# Of an optimized build. SPILLWAY_CRASH_SEED=N draws again what a run with that seed drew.
KILLS ?= 2000
crash: dependencies
	SPILLWAY_CRASH_KILLS=$(KILLS) swift test -c release -Xswiftc -enable-testing --scratch-path .build-crash \
	  --filter SpillwayCrashTests

# Every bit of every kind of file; the tests flip one bit of each byte.
damage: dependencies
	SPILLWAY_DAMAGE=all swift test -c release -Xswiftc -enable-testing --scratch-path .build-crash \
	  --filter 'SpillwayStoreTests.(FlippedBitTests|CheckpointTests)'

# Random questions to Spillway and to DuckDB, by an optimized build.
QUESTIONS ?= 5000
agree: dependencies python-env
	SPILLWAY_QUESTIONS=$(QUESTIONS) swift test -c release -Xswiftc -enable-testing --scratch-path .build-crash \
	  --filter QueryAgreementTests

fuzz: dependencies
	Tests/Fuzz/run $(SECONDS) $(TARGET)

fuzz-seeds: dependencies
	Tests/Fuzz/run seeds

# Reports of these can be compared: $(BENCH) compare BEFORE.json AFTER.json
bench: dependencies
	swift build -c release --product spillway-bench
	@mkdir -p '$(RESULTS)'
	$(BENCH) limits --output '$(RESULTS)/limits.json'
	$(BENCH) ingest --identities e164,random --expected --output '$(RESULTS)/ingest.json'
	$(BENCH) ingest --output '$(RESULTS)/ingest-unexpected.json'
	$(BENCH) latency --expected --output '$(RESULTS)/latency.json'
	$(BENCH) scale --expected --repetitions 3 --output '$(RESULTS)/scale.json' --csv '$(RESULTS)/scale.csv'
	$(BENCH) index --repetitions 3 --output '$(RESULTS)/index.json'
	$(BENCH) recover --output '$(RESULTS)/recover.json'
	$(BENCH) query --output '$(RESULTS)/query.json'
	$(BENCH) generate --output '$(RESULTS)/generate.json'

# Fills the README's table and plot; `Benchmarks/peers/run --help` names the options.
PEERS ?= --update README.md
bench-peers: build bench-peers-test
	swift build -c release --product spillway-bench
	Benchmarks/peers/run $(PEERS)

bench-peers-test:
	@scripts/peers-env
	.venv-peers/bin/python -m pytest --quiet Benchmarks/peers/tests

STAGES = .build/release/spillway-stages

# Benchmarks/SpillwayMicro/README.md says what these find.
bench-micro: dependencies
	swift package --package-path Benchmarks/SpillwayMicro benchmark

bench-micro-check: stages
	Benchmarks/SpillwayMicro/check $(STAGES)

bench-micro-renew: stages
	Benchmarks/SpillwayMicro/check --renew $(STAGES)

stages: dependencies
	@scripts/install-valgrind
	swift build -c release --product spillway-stages

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
	rm -rf .build .build-tsan .build-asan .build-crash Benchmarks/SpillwayMicro/.build .venv .venv-peers

# `make help` lists what there is. The commands themselves are plain Go.
.DEFAULT_GOAL := help
.PHONY: help build test race lint demo realmail bench benchreal fuzz faults storm figures core mutants sim ci

# How long each fuzz target runs.
T ?= 30s
# How many actions `make core` takes.
ACTIONS ?= 1000000

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build ./afterword
	go build -o afterword ./cmd/afterword

test: ## run all tests
	go test ./...

race: ## run all tests with the race detector, in random order
	.ci/run race

lint: ## gofmt, go vet and staticcheck
	.ci/run format vet staticcheck

demo: ## play three weeks of a job hunt in seconds
	go run ./cmd/afterword demo

realmail: ## run the marked tests on a real Dovecot and Postfix (as root; installs them where they lack)
	.ci/run realmail

bench: ## run the benchmarks
	go test -run '^$$' -bench . -benchmem ./...

benchreal: ## run the benchmarks that need a real Dovecot and Postfix (as root)
	go test -tags realmail -run '^$$' -bench 'CatchUp|Reply|LookToDot|Idle' -benchtime 1x -v -timeout 1h ./mailer/imap ./cmd/afterword

fuzz: ## run each fuzz target for T (make fuzz T=5m)
	@grep -rhoE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' . >/dev/null || { echo "no fuzz target found"; exit 1; }
	@grep -roE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' cmd internal mailer scheduler templates | \
	while IFS=: read -r file target; do \
		name=$${target#func }; echo "fuzzing $$name in $${file%/*} for $(T)"; \
		go test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(T) "./$${file%/*}" || exit 1; \
	done

faults: ## run the program while its system calls fail or kill it (make faults FAULTS=500 SEED=7)
	FAULTS="$(FAULTS)" SEED="$(SEED)" .ci/run faults

sim: ## play seeds of a job hunt in virtual time on all cores (make sim SEEDS=100000 FIRST=1)
	cd cmd/afterword && GOGC=400 AFTERWORD_SIM_SEEDS="$(or $(SEEDS),100)" AFTERWORD_SIM_FIRST="$(or $(FIRST),1)" go test -count=1 -timeout 0 -run '^TestSeeds$$'

storm: ## kill the program, cut its network and start real servers anew (make storm STORM=500 SEED=7 PARALLEL=6; as root)
	STORM="$(STORM)" SEED="$(SEED)" PARALLEL="$(PARALLEL)" .ci/run storm

core: ## take ACTIONS actions of the decision core alone (make core ACTIONS=100000000 SEED=7)
	@began=$$(date +%s); AFTERWORD_CORE_ACTIONS=$(ACTIONS) AFTERWORD_SEED="$(SEED)" go test -count=1 -timeout 0 -run '^TestCoreInVolume$$' -v ./scheduler > core.log; code=$$?; \
	grep -E 'core:|seed|FAIL|^ok' core.log; took=$$(( $$(date +%s) - began )); \
	sed -nE "s/.*for docs\/reliability.tsv: ([0-9]+)\t(.*)/$$(git rev-parse --short HEAD)\t$$(date +%F)\tactions of the decision core\t\1\t\2 seconds=$$took/p" core.log; exit $$code

figures: ## add up the campaigns of docs/reliability.tsv
	@awk -F '\t' 'NR > 1 { runs[$$3] += $$4; n = split($$5, c, " "); for (i = 1; i <= n; i++) { split(c[i], kv, "="); sum[$$3 SUBSEP kv[1]] += kv[2] } } \
		END { for (k in runs) { line = k ": " runs[k] " runs"; for (s in sum) { split(s, p, SUBSEP); if (p[1] == k) line = line ", " p[2] " " sum[s] } print line } }' docs/reliability.tsv | sort

mutants: ## take away, one by one, what the promises rest on; each must be noticed
	go run ./internal/mutants

ci: ## everything that must hold before a change is taken
	.ci/run

# `make help` lists what there is. The commands themselves are plain Go.
.DEFAULT_GOAL := help
.PHONY: help build test race lint demo realmail bench fuzz ci

# How long each fuzz target runs.
T ?= 30s

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

build: ## build ./afterword
	go build -o afterword ./cmd/afterword

test: ## run all tests
	go test ./...

race: ## run all tests with the race detector, in random order
	go test -race -shuffle=on ./...

lint: ## gofmt, go vet and staticcheck
	.ci/run format vet staticcheck

demo: ## play three weeks of a job hunt in seconds
	go run ./cmd/afterword demo

realmail: ## run the marked tests on a real Dovecot and Postfix (as root; installs them where they lack)
	.ci/run realmail

bench: ## run the benchmarks
	go test -run '^$$' -bench . -benchmem ./...

fuzz: ## run each fuzz target for T (make fuzz T=5m)
	@grep -rhoE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' . >/dev/null || { echo "no fuzz target found"; exit 1; }
	@grep -roE --include='*_test.go' '^func Fuzz[A-Za-z0-9_]+' cmd internal mailer scheduler templates | \
	while IFS=: read -r file target; do \
		name=$${target#func }; echo "fuzzing $$name in $${file%/*} for $(T)"; \
		go test -run '^$$' -fuzz "^$$name\$$" -fuzztime $(T) "./$${file%/*}" || exit 1; \
	done

ci: ## everything that must hold before a change is taken
	.ci/run

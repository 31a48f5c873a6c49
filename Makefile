# What a person types here. `make` alone lists it.
.DEFAULT_GOAL := help
.SILENT:
MAKEFLAGS += --no-print-directory

command := node --import tsx local/commands

.PHONY: help
help:
	printf '%s\n' \
	  'make up       start the embedded Kubernetes and Kafka, deploy AlgoRun and its pipelines, or STACK=name' \
	  'make recover  after an update of the stack, or of STACK=name, was killed, or its state was lost: make it fit to be updated again' \
	  'make status   processes, health, pods; fails unless all is well' \
	  'make env      settings for a shell: eval "$$(make env)", then kubectl, pulumi, kafka-topics' \
	  'make demo     run a deployed pipeline with real data, end to end; PIPELINE=owner.name or a file, SECONDS=30, REPLICAS=1, DOCUMENTS="…"' \
	  'make down     end everything, keep the state' \
	  'make clean    end everything, remove the state' \
	  'make validate check the pipeline documents, all of them or DOCUMENTS="files and folders", or those of STACK=name; FORMAT=json for programs' \
	  'make graph    draw the pipeline NAME=owner.name as Mermaid, or as FORMAT=svg' \
	  'make explain  what the pipeline NAME=owner.name will be and take, and why; without NAME what all take, or those of STACK=name' \
	  'make render   all manifests of STACK=dev|kind|staging|prod as YAML, into OUT=folder' \
	  'make backup   dump SYSTEM=sql or SYSTEM=grafana now, in the cluster that kubectl talks to' \
	  'make restore  bring back the newest dump of SYSTEM=sql or SYSTEM=grafana, or the one that DUMP=… names' \
	  'make test     everything that must hold: lint, types, all tests' \
	  'make soak     the tests of faults in their long forms, all or FILES="…", with a table of what came of each; takes hours' \
	  'make bench    measure BENCH=validate, stack, dataplane or kafka-clients; without it, what there is and takes' \
	  'make lint     Prettier, ESLint, tsc' \
	  'make format   lay the sources out' \
	  'make golden   render the manifests under test anew' \
	  'make lint-manifests  what kube-linter, kube-score and Polaris find in the stack staging, or in STACK=name' \
	  'make tools    get or build the tools, and nothing else'

.PHONY: demo
demo: deps
	node --import tsx demo/command.ts --pipeline "$(PIPELINE)" $(SECONDS:%=--seconds %) $(REPLICAS:%=--replicas %) $(PAUSE:%=--pause %) $(DOCUMENTS:%=--documents %)

.PHONY: up down status recover clean env tools
up status recover: deps
	$(command)/$@.ts $(STACK)

down clean env: deps
	$(command)/$@.ts

tools: deps
	$(command)/tools.ts

# They read documents, and need no cluster.
.PHONY: validate graph explain
validate: deps
	node --import tsx pipelines/commands/validate.ts $(FORMAT:%=--%) $(STACK:%=--stack=%) $(DOCUMENTS)

graph explain: deps
	node --import tsx pipelines/commands/$@.ts $(FORMAT:%=--%) $(STACK:%=--stack=%) "$(NAME)" $(DOCUMENTS)

# Without a cluster, and without a look at any state.
.PHONY: render
render: deps
	node --import tsx render/command.ts "$(STACK)" "$(OUT)"

# Jobs made from the CronJobs; see docs/operations.md.
NAMESPACE ?= algorun

.PHONY: backup restore
backup restore: deps
	node --import tsx operations/command.ts $@ '$(SYSTEM)' '$(NAMESPACE)' '$(DUMP)'

.PHONY: test soak lint format golden
test: lint
	npm test

soak: deps
	node --import tsx tests/soak/command.ts $(FILES)

# Figures of this machine, which should have nothing else to do.
.PHONY: bench
bench: deps
	node --import tsx bench/command.ts $(BENCH) $(SECONDS:%=--seconds=%) $(STEADY_SECONDS:%=--steady-seconds=%) $(PROFILE:%=--profile=%) $(SIZES:%=--sizes=%) $(COMPARED:%=--compared=%) $(WRITE:%=--write=%)

lint: deps
	npm run --silent lint

format: deps
	npm run --silent format

golden: deps
	npm run --silent golden

.PHONY: lint-manifests
lint-manifests: deps
	node --import tsx linters/command.ts $(STACK)

# npm packages as package-lock.json says; does nothing if they are.
.PHONY: deps
deps:
	command -v node >/dev/null || { echo 'Node.js 20.19 or newer is needed: see https://nodejs.org.' >&2; exit 1; }
	node local/commands/prepare.mjs

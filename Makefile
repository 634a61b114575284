# make notebooks   executes the notebooks headless and writes report/index.html
# make test        types, formatting and every test; FAST=1 leaves out what is slow, and names it
# make lab         JupyterLab with the kernel
# make docs        the library's doc comments as pages in .build/docs; fails on broken links and missing comments
# make bench       speed and error tables, with the hardware they were measured on; BENCH="solvers kernel" for some
# make full        the notebooks at SCALE=full
# make claims      writes notebooks/CLAIMS.md, the ledger of what the committed notebooks prove
# make samples     notebook 19 at SCALE=full, and the README's picture from it
# make classifier  trains the classifier by which digits are measured, and writes its weights into data
# make mutants     plants faults in lib, one at a time: by rule for the tests, by hand for the notebooks; prints what catches each
# make clean       removes what the other targets made, the downloads included
#
# SCALE=smoke|full   BACKEND=tensorflow|webgpu|wasm|cpu   ACCELERATOR=cuda13|cuda12|rocm|oneapi|tpu|metal|cpu   SEED=0   NOTEBOOKS="notebooks/02-….ipynb …"
# notebooks, full and refresh take what an earlier success left where nothing has changed since; FORCE=1 runs everything
# make lab ARGS="--no-browser --port 8890"

SHELL := /bin/sh
.DELETE_ON_ERROR:
.PHONY: help notebooks test lab bench docs claims mutants full refresh samples check clean classifier setup-notebooks setup-lab setup-test

SCALE ?= smoke
BACKEND ?=
ACCELERATOR ?=
SEED ?= 0
FAST ?=
FORCE ?=
NOTEBOOKS ?= $(sort $(wildcard notebooks/*.ipynb))
export SCALE BACKEND ACCELERATOR SEED
# Make hands its command line on to every program: a notebook would see, and count as a change, what is not about it.
unexport FAST FORCE NOTEBOOKS ARGS BENCH

tsx := node --import tsx
tsnb := node notebooks/kernel/bin/tsnb.mjs
run := $(tsnb) run $(if $(filter-out 0,$(FORCE)),,--changed) --output report
installed := node_modules/.package-lock.json

help:
	@sed -n '/^#/!q; s/^# \{0,1\}//p' Makefile

$(installed): package.json package-lock.json .npmrc
	@command -v node >/dev/null || { echo 'Node.js 20.19 or later is needed: https://nodejs.org'; exit 1; }
	@node notebooks/setup/npm-cache.mjs
	npm ci --no-fund --no-audit
	@touch $@

setup-notebooks setup-lab setup-test: setup-%: $(installed)
	@$(tsx) notebooks/setup/main.ts $*

notebooks: setup-notebooks
	$(run) $(NOTEBOOKS)

full: setup-notebooks
	SCALE=full $(run) --timeout 14400 --total-timeout 28800 $(NOTEBOOKS)

# Rewrites the committed outputs with those of this run, or of the one that it reuses.
refresh: setup-notebooks
	$(run) --in-place $(NOTEBOOKS)

samples: setup-notebooks
	SCALE=full $(run) --timeout 14400 notebooks/19-digits.ipynb
	$(tsx) notebooks/setup/picture.ts report/19-digits.ipynb samples .github/samples.png

lab: setup-lab
	$(tsx) notebooks/setup/lab.ts $(ARGS)

check: $(installed)
	node node_modules/typescript/bin/tsc
	npx --no-install biome ci --colors=off .

test: setup-test check
	FAST=$(FAST) $(tsx) test/run.ts

docs: $(installed)
	$(tsx) notebooks/setup/docs.ts

claims: $(installed)
	$(tsx) notebooks/setup/claims.ts

classifier: setup-notebooks
	$(tsx) notebooks/setup/classifier.ts

mutants: setup-notebooks
	$(tsx) test/mutants/by-rule.ts
	$(tsx) test/mutants/main.ts

bench: setup-test
	$(tsx) test/bench/main.ts $(BENCH)

clean:
	rm -rf node_modules .venv .venv-torch .build .cache report

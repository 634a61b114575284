# make notebooks   executes the notebooks headless and writes report/index.html
# make test        types, formatting and every test; FAST=1 leaves out what is slow, and names it
# make lab         JupyterLab with the kernel
# make docs        the library's doc comments as pages in .build/docs; fails on broken links and missing comments
# make bench       speed and error tables, with the hardware they were measured on; BENCH="solvers kernel" for some
# make full        the notebooks at SCALE=full
# make claims      writes notebooks/CLAIMS.md, the ledger of what the committed notebooks prove
# make clean       removes what the other targets made, the downloads included
#
# SCALE=smoke|full   BACKEND=tensorflow|webgpu|wasm|cpu   SEED=0   NOTEBOOKS="notebooks/02-….ipynb …"
# make lab ARGS="--no-browser --port 8890"

SHELL := /bin/sh
.DELETE_ON_ERROR:
.PHONY: help notebooks test lab bench docs claims full refresh check clean setup-notebooks setup-lab setup-test

SCALE ?= smoke
BACKEND ?=
SEED ?= 0
FAST ?=
NOTEBOOKS ?= $(sort $(wildcard notebooks/*.ipynb))
export SCALE BACKEND SEED FAST

tsx := node --import tsx
tsnb := node notebooks/kernel/bin/tsnb.mjs
installed := node_modules/.package-lock.json

help:
	@sed -n 's/^# //p' Makefile

$(installed): package.json package-lock.json .npmrc
	@command -v node >/dev/null || { echo 'Node.js 20.19 or later is needed: https://nodejs.org'; exit 1; }
	@node notebooks/setup/npm-cache.mjs
	npm ci --no-fund --no-audit
	@touch $@

setup-notebooks setup-lab setup-test: setup-%: $(installed)
	@$(tsx) notebooks/setup/main.ts $*

notebooks: setup-notebooks
	$(tsnb) run --output report $(NOTEBOOKS)

full: setup-notebooks
	SCALE=full $(tsnb) run --output report --timeout 14400 --total-timeout 28800 $(NOTEBOOKS)

# Runs the notebooks and rewrites the committed outputs, and the picture that the README takes from them.
refresh: setup-notebooks
	$(tsnb) run --in-place --output report $(NOTEBOOKS)
	$(tsx) notebooks/setup/picture.ts notebooks/19-digits.ipynb samples .github/samples.png

lab: setup-lab
	$(tsx) notebooks/setup/lab.ts $(ARGS)

check: $(installed)
	node node_modules/typescript/bin/tsc
	npx --no-install biome ci --colors=off .

test: setup-test check
	$(tsx) test/run.ts

docs: $(installed)
	$(tsx) notebooks/setup/docs.ts

claims: $(installed)
	$(tsx) notebooks/setup/claims.ts

bench: setup-test
	$(tsx) test/bench/main.ts $(BENCH)

clean:
	rm -rf node_modules .venv .venv-torch .build .cache report

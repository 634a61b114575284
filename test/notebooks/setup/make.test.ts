import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { appendFileSync, copyFileSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { variables } from '../../../notebooks/files/variables.js';
import { copyProject } from '../../support/project-copy.js';
import { slow } from '../../support/slow.js';

/** Without what another make, which may run this test, has said of itself. */
const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^M(?:AKE|FLAGS)/.test(name)));
const make = (...args: string[]): string => execFileSync('make', args, { encoding: 'utf8', env });

let folder = '';
let show = '';
before(() => {
  folder = mkdtempSync(join(tmpdir(), 'make-'));
  show = join(folder, 'show.mk');
  writeFileSync(
    show,
    `show:\n\t@node -p 'JSON.stringify(process.env)'\nwithin:\n\t@$(MAKE) -f Makefile -f ${show} show\n`,
  );
});
after(() => rmSync(folder, { recursive: true }));

/** What a notebook that make runs is told, as far as its outputs may depend on it. */
const told = (target: string, ...args: string[]) =>
  variables(JSON.parse(make('--no-print-directory', '-f', 'Makefile', '-f', show, target, ...args))).told;

test('notebooks, full, refresh and samples reuse what has not changed, and FORCE=1 runs it', () => {
  for (const target of ['notebooks', 'full', 'refresh', 'samples']) {
    const runs = (...args: string[]) => make('-n', target, ...args).match(/^.*tsnb\.mjs run.*$/m)?.[0] ?? '';
    for (const args of [[], ['FORCE='], ['FORCE=0']]) assert.match(runs(...args), / --changed /, `${target} ${args}`);
    assert.match(runs('FORCE=1'), / run +--output report /);
  }
});

test('how make is called is no change to a notebook; scale, backend, seed and what else is given are', () => {
  const plain = told('show');
  for (const args of [
    ...[
      ['FORCE=1'],
      ['FAST=1'],
      ['NOTEBOOKS=notebooks/03-fokker-planck.ipynb'],
      ['ARGS=--no-browser'],
      ['BENCH=kernel'],
    ],
    ...[['-j3'], ['-k', '-s'], ['SCALE=smoke', 'SEED=0', 'BACKEND=']],
  ]) {
    assert.deepEqual(told('show', ...args), plain, args.join(' '));
    assert.deepEqual(told('within', ...args), plain, `${args.join(' ')}, from another make`);
  }
  for (const arg of ['SCALE=full', 'BACKEND=wasm', 'SEED=1', 'FACTOR=2']) {
    assert.notDeepEqual(told('show', arg), plain, arg);
  }
});

test('make notebooks runs a notebook once, and again only where something has changed', {
  skip: slow('runs a notebook thrice'),
}, () => {
  const { root, remove } = copyProject();
  const name = readdirSync('notebooks').find(file => file.endsWith('fokker-planck.ipynb'));
  try {
    copyFileSync('Makefile', join(root, 'Makefile'));
    // What is installed is linked there: nothing is to be set up, or registered, from the copy.
    const kept = ['-o', 'setup-notebooks', '--no-print-directory'];
    const notebooks = (...args: string[]) =>
      make('-C', root, ...kept, 'notebooks', `NOTEBOOKS=notebooks/${name}`, ...args);
    const ran = /^✓ \S+-fokker-planck {3}/m;
    const reused = /^= \S+-fokker-planck {3}unchanged since/m;
    assert.match(notebooks(), ran);
    for (const args of [[], ['FAST=1', '-j2'], ['FORCE=0']]) assert.match(notebooks(...args), reused);
    assert.match(notebooks('FORCE=1'), ran);
    assert.match(notebooks(), reused);
    appendFileSync(join(root, 'lib/index.ts'), '\n');
    assert.match(notebooks(), ran);
  } finally {
    remove();
  }
});

import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import type { Notebook } from '../../../notebooks/kernel/runner/record/nbformat.js';
import { EQUATION_MIME } from '../../../notebooks/proof/check.js';
import { claimsOf, type Entry, faultOf, ledgerPage } from '../../../notebooks/proof/ledger.js';
import { allNotebooks, faultsOf, LEDGER } from '../../../notebooks/setup/claims.js';

const printed = (...texts: string[]): Notebook => ({
  metadata: {},
  cells: texts.map((text, i) => ({
    cell_type: 'code',
    id: `c${i}`,
    metadata: {},
    source: '',
    outputs: [{ output_type: 'stream', name: 'stdout', text }],
  })),
});

const opened = 'claim R1 (identity; Anderson 1982, eq. 3.4): time can be reversed\n';

test('a claim is read from what its cells have printed, over several cells', () => {
  const [entry] = claimsOf(
    'n.ipynb',
    printed(
      `${opened}✓ R1 · drift: at t = 1: 0.5, expected 0.5 ± 1e-9\n`,
      '✓ other: 1, at most 2\n✓ R1 · rest: left − right = 0 (one, two)\n',
      '✓ wrong on purpose (R1 · no (second) term) is caught: R1 · drift: 3, at most 2\n',
    ),
  );
  assert.deepEqual(entry, {
    id: 'R1',
    strength: 'identity',
    source: 'Anderson 1982, eq. 3.4',
    says: 'time can be reversed',
    notebook: 'n.ipynb',
    cell: 1,
    checks: [
      { what: 'drift: at t = 1', measured: '0.5', tolerance: 'expected 0.5 ± 1e-9', engines: [] },
      { what: 'rest', measured: 'left − right = 0', tolerance: '', engines: ['one', 'two'] },
    ],
    caught: ['no (second) term'],
  });
});

test('a check that stands beside the equation that it proves is read as well', () => {
  const notebook = printed(opened);
  const data = { 'text/plain': '✓ R1 · rest: left − right = 0 (one, two)', [EQUATION_MIME]: {} };
  const shown = { output_type: 'display_data' as const, data, metadata: {} };
  const cell = { cell_type: 'code' as const, id: 'c1', metadata: {}, source: '', outputs: [shown] };
  const [entry] = claimsOf('n.ipynb', { ...notebook, cells: [...notebook.cells, cell] });
  assert.deepEqual(entry?.checks[0]?.engines, ['one', 'two']);
});

test('a check without its claim, and a claim opened twice, are refused by notebook and cell', () => {
  assert.throws(
    () => claimsOf('n.ipynb', printed('', '✓ R1 · drift: 1, at most 2\n')),
    /n\.ipynb, cell 2: a check of R1/,
  );
  assert.throws(() => claimsOf('n.ipynb', printed(opened, opened)), /cell 2: R1 is opened twice/);
});

test('a claim that is not checked, that nothing wrong was tried on, or that overclaims, is a fault', () => {
  const checks = [{ what: 'drift', measured: '1', tolerance: 'at most 2', engines: ['one'] }];
  const entry: Entry = { ...claimsOf('n.ipynb', printed(opened))[0]!, checks, caught: ['no score'] };
  assert.equal(faultOf(entry), undefined);
  assert.match(faultOf({ ...entry, checks: [] })!, /R1 is claimed and not checked/);
  assert.match(faultOf({ ...entry, caught: [] })!, /no wrong statement/);
  assert.match(faultOf({ ...entry, strength: 'symbolic' })!, /calls itself symbolic/);
});

test('the committed notebooks prove every claim that they have to, and the ledger is what they print', () => {
  const sources = allNotebooks();
  assert.deepEqual(faultsOf(sources), []);
  assert.equal(readFileSync(LEDGER, 'utf8'), ledgerPage(sources), 'make claims writes it anew');
});

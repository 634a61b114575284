import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { missing, places } from '../../../notebooks/proof/places.js';

test('the tests that the list names are there', () => {
  const named = Object.values(places).flatMap(({ tests }) => tests.map(name => `test/lib/${name}.test.ts`));
  assert.deepEqual(
    named.filter(file => !existsSync(file)),
    [],
  );
});

test('a claim is missing where its notebook exists and does not prove it', () => {
  const notebooks = ['03-fokker-planck.ipynb'];
  const proved = ['W2', 'F1', 'F2'].map(id => ({ id, notebook: '03-fokker-planck.ipynb' }));
  assert.deepEqual(missing(proved, notebooks), ['F3 in 3']);
  assert.deepEqual(missing([...proved, { id: 'F3', notebook: '09-reverse-time.ipynb' }], notebooks), ['F3 in 3']);
  assert.deepEqual(missing([...proved, { id: 'F3', notebook: '03-fokker-planck.ipynb' }], notebooks), []);
});

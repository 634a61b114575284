import assert from 'node:assert/strict';
import { it } from 'node:test';
import { slow } from '../../../support/slow.js';
import { compareHistories } from './histories.js';

// 500 of them: test/slow/histories.test.ts.
it('what the kernel shows where stale cells run again is what a fresh run shows, whatever was done before', {
  skip: slow('edits and runs random notebooks'),
}, async () => {
  const { compared, refused, differences } = await compareHistories(Array.from({ length: 25 }, (_, seed) => seed));
  assert.deepEqual(differences.slice(0, 1), []);
  assert.ok(compared > 400, `only ${compared} runs were compared`);
  assert.ok(refused > 0 && refused < compared / 10, `${refused} of ${compared} were refused`);
});

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { compareHistories } from '../notebooks/kernel/graph/histories.js';

const NOTEBOOKS = 500;
/** A kernel's life. */
const EACH = 50;

it(`${NOTEBOOKS} random notebooks with random histories: the kernel shows what fresh runs show`, async context => {
  let compared = 0;
  for (let from = 0; from < NOTEBOOKS; from += EACH) {
    const found = await compareHistories(Array.from({ length: EACH }, (_, index) => from + index));
    assert.deepEqual(found.differences.slice(0, 1), []);
    compared += found.compared;
  }
  context.diagnostic(`${compared} runs were compared`);
  assert.ok(compared > 8000, `only ${compared} runs were compared`);
});

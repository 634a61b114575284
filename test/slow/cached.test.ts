import assert from 'node:assert/strict';
import { test } from 'node:test';
import { neverStale } from '../notebooks/cell/edits.js';

test('300 histories of edits leave no stale value in the cache', { timeout: 1_800_000 }, async () => {
  const { hits, doubts, runs } = await neverStale(300, 1);
  assert.ok(hits > 30 && doubts > 30 && runs > 30, `${hits} hits, ${doubts} doubts, ${runs} runs`);
});

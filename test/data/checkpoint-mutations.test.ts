import '../support/backend.js';
import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { loadArchive, saveArchive } from '../../data/archive.js';
import { lossOf } from '../../lib/loss/batch.js';
import { mlp } from '../../lib/nn/mlp.js';
import { philox } from '../../lib/rng/rng.js';
import { restore, snapshot, trainer } from '../../lib/train/index.js';
import { MUTATIONS, mutate } from './mutations.js';

const start = (seed: number) => {
  const network = mlp({ event: [2], width: 4, layers: 1, embedding: 4 }, philox(seed));
  const { parameters, apply } = network;
  return { parameters, run: trainer({ parameters, loss: lossOf(apply), learningRate: () => 1e-3 }) };
};
const stateOf = ({ parameters, run }: ReturnType<typeof start>, seed = 3) =>
  snapshot(parameters, run, philox(seed).state());

test('of many damaged checkpoints each is refused by name or holds what was saved, and nothing is overwritten', t => {
  const folder = mkdtempSync(join(tmpdir(), 'damaged-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'run.safetensors');
  const [saved, other] = [stateOf(start(1)), start(2)];
  saveArchive(path, saved);
  const whole = readFileSync(path);
  const before = stateOf(other);
  const outcomes = { refused: 0, loaded: 0 };
  for (let i = 0; i < MUTATIONS; i++) {
    const bytes = mutate(whole, philox(7).fold(i));
    writeFileSync(path, bytes);
    try {
      const found = loadArchive(path)!;
      assert.deepEqual(restore(found, other.parameters, other.run), philox(3).state());
      // The one thing that may be damaged unseen is the name of the hash.
      assert.deepEqual(stateOf(other).tensors, saved.tensors);
      restore(before, other.parameters, other.run);
      outcomes.loaded++;
    } catch (error) {
      assert.match((error as Error).message, /run\.safetensors: .+ is .+: .+; remove the file to start afresh$/s);
      if (i % 100 === 0) assert.deepEqual(stateOf(other), before);
      outcomes.refused++;
    }
    assert.ok(readFileSync(path).equals(bytes));
  }
  assert.deepEqual(stateOf(other), before);
  assert.ok(outcomes.refused > 0.9 * MUTATIONS, JSON.stringify(outcomes));
});

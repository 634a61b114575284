import assert from 'node:assert/strict';
import { test } from 'node:test';
import { absorbingRates, jumpPath, jumpProcess, lawAt } from '../../../lib/discrete/index.js';
import { linearBeta } from '../../../lib/process/index.js';
import { philox } from '../../../lib/rng/index.js';

const noise = linearBeta({ betaMin: 0.3, betaMax: 4 });

test('paths are at each time where the law says, and never jump to where they are', () => {
  const process = jumpProcess(
    [
      [-1, 0.7, 0.3],
      [0, -0.5, 0.5],
      [2, 0.1, -2.1],
    ],
    noise,
  );
  const rng = philox(6);
  const paths = Array.from({ length: 6000 }, () => jumpPath(process, 0, rng));
  for (const path of paths) {
    for (let i = 1; i < path.length; i++) {
      assert.ok(path[i]!.t > path[i - 1]!.t && path[i]!.state !== path[i - 1]!.state);
    }
  }
  for (const t of [0.25, 0.9]) {
    const law = lawAt(process, [1, 0, 0], t);
    for (const [x, p] of law.entries()) {
      const found = paths.filter(path => path.findLast(stay => stay.t <= t)!.state === x).length / paths.length;
      assert.ok(Math.abs(found - p) < 5 * Math.sqrt((p * (1 - p)) / paths.length), `${t}, ${x}: ${found}, not ${p}`);
    }
  }
});

test('a masked state stays so, and a start that is no state is refused', () => {
  const process = jumpProcess(absorbingRates(3), noise);
  const rng = philox(1);
  for (let i = 0; i < 50; i++) assert.ok(jumpPath(process, 0, rng).length <= 2);
  assert.deepEqual(jumpPath(process, 2, rng), [{ t: 0, state: 2 }]);
  assert.throws(() => jumpPath(process, 3, rng), /the start is 3/);
});

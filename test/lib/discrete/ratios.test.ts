import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  absorbingRates,
  exactRatios,
  jumpProcess,
  lawAt,
  reverseRates,
  uniformRates,
} from '../../../lib/discrete/index.js';
import { derivative } from '../../../lib/math/index.js';
import { linearBeta } from '../../../lib/process/index.js';
import { near } from '../../support/tensors.js';

const noise = linearBeta({ betaMin: 0.3, betaMax: 4 });
const data = [0.5, 0.05, 0.45, 0];

for (const [name, rates] of Object.entries({ uniform: uniformRates(4), absorbing: absorbingRates(4) })) {
  test(`the reverse rates carry the chances of the forward ones back: ${name}`, () => {
    const process = jumpProcess(rates, noise);
    const ratios = exactRatios(process, data);
    for (const t of [0.1, 0.6, 1]) {
      const law = lawAt(process, data, t);
      const back = law.map((_, x) => reverseRates(process, ratios, x, t));
      for (const [x, row] of back.entries()) {
        assert.ok(Math.abs(row.reduce((sum, v) => sum + v, 0)) < 1e-12);
        for (const [y, rate] of row.entries()) {
          if (x !== y) near([law[x]! * rate], [law[y]! * noise.beta(t) * rates[y]![x]!], 1e-13);
        }
      }
      const slopes = law.map((_, y) => law.reduce((sum, p, x) => sum + p * back[x]![y]!, 0));
      if (t < 1)
        near(
          slopes,
          law.map((_, y) => -derivative(s => lawAt(process, data, s)[y]!, 1)(t)),
          1e-8,
        );
    }
  });
}

import { deepEqual, equal, ok } from 'node:assert/strict';
import { test } from 'node:test';
import type * as tf from '@tensorflow/tfjs-core';
import fc from 'fast-check';
import { nativeBackend } from '../../../../notebooks/backend/graph/binding.js';
import { compile } from '../../../../notebooks/backend/graph/index.js';
import { record } from '../../../../notebooks/backend/graph/trace.js';
import { rules } from '../../../../notebooks/backend/pjrt/rules/index.js';

process.env.ACCELERATOR = 'cpu';
const { listener, skip } = await import('../graph/native.js');
const { cases } = await import('./cases.js');

const RUNS = 8;

/** Asserts that two tensors are one, NaN and infinities too; the numbers up to rounding on the scale of the largest. */
const same = (made: tf.Tensor, expected: tf.Tensor, what: string): void => {
  deepEqual([made.dtype, made.shape], [expected.dtype, expected.shape], what);
  const [a, b] = [Array.from(made.dataSync()), Array.from(expected.dataSync())];
  const scale = Math.max(1, ...b.filter(Number.isFinite).map(Math.abs));
  b.forEach((value, i) => {
    const close = Number.isFinite(value) ? Math.abs(a[i]! - value) <= 4e-6 * scale : Object.is(a[i], value);
    ok(close, `${what}: ${a[i]}, not ${value}, at ${i} of [${expected.shape}]`);
  });
};

test('there are cases of every rule, and no others', () => {
  deepEqual(Object.keys(cases).sort(), Object.keys(rules).sort());
});

for (const [op, arbitrary] of Object.entries(cases)) {
  test(`${op} on the device is ${op} of TensorFlow`, { skip }, () => {
    const all = fc.sample(arbitrary, { numRuns: RUNS, seed: 17 });
    const run = (inputs: readonly (readonly tf.Tensor[])[]) => inputs.map((own, i) => [all[i]!.run(...own)].flat());
    const inputs = all.map(one => one.inputs);
    const { result, trace } = record(nativeBackend()!, [], () => run(inputs));
    ok(
      trace.operations.some(operation => operation.op === op),
      `no case asks for ${op}`,
    );
    const { messages, report } = listener();
    const compiled = compile(run, { report, verify: false, name: op });
    const made = compiled(inputs);
    deepEqual(messages, []);
    equal(compiled.specialisations()[0]?.mode, 'device');
    made.forEach((outputs, i) => {
      outputs.forEach((output, k) => {
        same(output, result[i]![k]!, `case ${i}, inputs of ${inputs[i]!.map(x => `[${x.shape}]`)}`);
      });
    });
    compiled.dispose();
  });
}

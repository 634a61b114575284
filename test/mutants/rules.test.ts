import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { unused } from './equivalent.js';
import { plantedText } from './garden.js';
import { nearestTo } from './nearest.js';
import { mutantsOf, rules } from './rules.js';

/** What the rules make of one line: rule and the line with the fault. */
const made = (line: string): string[] =>
  mutantsOf('line.ts', line).map(mutant => `${mutant.rule}: ${plantedText(line, mutant).split('\n')[0]}`);

test('a formula gets one fault at a time, where it computes and nowhere else', () => {
  assert.deepEqual(made("import { a } from './a-b.js'; type T = 1 | 2; const s = 'a' + b;"), []);
  assert.deepEqual(made('y = 2 * Math.sqrt(x);'), [
    'divided by for times: y = 2 / Math.sqrt(x);',
    'factor 2: y = (Math.sqrt(x));',
    'root left out: y = 2 * (x);',
  ]);
  assert.deepEqual(made('y = -Math.expm1(-x);'), [
    'sign: y = Math.expm1(-x);',
    'exp − 1 for expm1: y = -(Math.exp(-x) - 1);',
    'sign: y = -Math.expm1(x);',
  ]);
  assert.deepEqual(made('const f = (p: P): number => p.alpha(t) ** 2;'), [
    'square left out: const f = (p: P): number => p.alpha(t);',
    'α and σ swapped: const f = (p: P): number => p.sigma(t) ** 2;',
    'start and end of the step swapped: const f = (p: P): number => p.alpha(u) ** 2;',
  ]);
});

test('a fault that calls another function of TensorFlow.js imports it, once', () => {
  const text = "import { add } from '@tensorflow/tfjs-core';\ny = add(a, b);";
  const swapped = mutantsOf('sum.ts', text).find(({ rule }) => rule.startsWith('plus and minus of tensors'))!;
  assert.match(plantedText(text, swapped), /y = sub\(a, b\);\nimport \{ sub \} from '@tensorflow\/tfjs-core';\n$/);
  const both = text.replace('{ add }', '{ add, sub }');
  const again = mutantsOf('sum.ts', both).find(({ rule }) => rule.startsWith('plus and minus of tensors'))!;
  assert.equal(plantedText(both, again).match(/import/g)?.length, 1);
  assert.deepEqual(made('const add = (a: N, b: N) => a; y = add(a, b);'), [
    'term dropped: const add = (a: N, b: N) => a; y = a;',
  ]);
});

test('every rule has its name, and the nearest tests of a file are its own and those that use it', () => {
  assert.equal(new Set(rules.map(({ name }) => name)).size, rules.length);
  const { tests, notebooks } = nearestTo()('samplers/langevin.ts');
  assert.equal(tests[0], 'test/lib/samplers/langevin.test.ts');
  assert.deepEqual(notebooks, ['notebooks/05-langevin.ipynb']);
  assert.ok(tests.length > 1 && tests.every(file => existsSync(file)));
});

test('what is listed as equivalent is still made by a rule', () => {
  assert.deepEqual(unused(), []);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readOptions, UsageError } from '../../../../notebooks/kernel/runner/options.js';

test('a notebook alone takes the defaults', () => {
  const options = readOptions(['a.ipynb']);
  assert.deepEqual(options.notebooks, ['a.ipynb']);
  assert.equal(options.output, 'report');
  assert.equal(options.jobs, 1);
  assert.equal(options.inPlace, false);
});

test('limits are given in seconds, parameters by name, a kernel as its command', () => {
  const options = readOptions([
    ...[
      '--timeout',
      '2.5',
      '-p',
      'SCALE=full',
      '--param',
      'NOTE=a=b',
      '--kernel',
      'python -f {connection_file}',
      'a.ipynb',
    ],
  ]);
  assert.equal(options.cellLimit, 2500);
  assert.deepEqual(options.parameters, { SCALE: 'full', NOTE: 'a=b' });
  assert.deepEqual(options.kernel, ['python', '-f', '{connection_file}']);
});

for (const [args, message] of [
  [[], /no notebook/],
  [['a.txt'], /a\.txt is not a notebook/],
  [['a.ipynb', '--timeout', 'soon'], /--timeout soon: give a number/],
  [['a.ipynb', '--jobs', '0'], /--jobs 0: .* at least 1/],
  [['a.ipynb', '-p', 'SCALE'], /--param SCALE: give NAME=VALUE/],
  [['a.ipynb', '--tiemout', '3'], /--tiemout/],
] as const) {
  test(`${args.join(' ') || 'nothing'} is refused by name`, () => {
    assert.throws(
      () => readOptions(args),
      (error: unknown) => error instanceof UsageError && message.test(error.message),
    );
  });
}

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

test('limits are given in seconds, variables by name, a kernel as its command', () => {
  const options = readOptions([
    ...[
      '--timeout',
      '2.5',
      '-e',
      'SCALE=full',
      '--env',
      'NOTE=a=b',
      '--kernel',
      'python -f {connection_file}',
      'a.ipynb',
    ],
  ]);
  assert.equal(options.cellLimit, 2500);
  assert.deepEqual(options.env, { SCALE: 'full', NOTE: 'a=b' });
  assert.deepEqual(options.kernel, ['python', '-f', '{connection_file}']);
});

for (const [args, message] of [
  [[], /no notebook/],
  [['a.txt'], /a\.txt is not a notebook/],
  [['a.ipynb', '--timeout', 'soon'], /--timeout soon: give a number/],
  [['a.ipynb', '--jobs', '0'], /--jobs 0: .* at least 1/],
  [['a.ipynb', '-e', 'SCALE'], /--env SCALE: give NAME=VALUE/],
  [['a.ipynb', '--shard', '3/2'], /--shard 3\/2: give a part/],
  [['a.ipynb', '-p', 'rate'], /--param rate: give NAME=VALUE/],
  [['a.ipynb', '--matrix', 'rate'], /--matrix rate: give NAME=VALUE,VALUE/],
  [['a.ipynb', '--matrix', 'a=1', 'a=2'], /--matrix: a is given twice/],
  [['a.ipynb', '-p', 'rate=1', '--in-place'], /--in-place keeps the outputs/],
  [['a.ipynb', '--tiemout', '3'], /--tiemout/],
] as const) {
  test(`${args.join(' ') || 'nothing'} is refused by name`, () => {
    assert.throws(
      () => readOptions(args),
      (error: unknown) => error instanceof UsageError && message.test(error.message),
    );
  });
}

import assert from 'node:assert/strict';
import { it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { createTime, duration } from '../../../../notebooks/kernel/user/time.js';

it('says the time of what it runs, also of a promise and of what fails, and hands on what comes of it', async () => {
  const said: string[] = [];
  const time = createTime(text => said.push(text));
  const wall = () => {
    const [, value, unit] = /^CPU times: .*\nWall time: ([\d.]+) (ms|µs)\n$/.exec(said.pop()!)!;
    return unit === 'ms' ? Number(value) : Number(value) / 1000;
  };
  assert.equal(
    time(() => 5),
    5,
  );
  assert.ok(wall() < 30);
  assert.equal(await time(() => wait(60, 'later')), 'later');
  const waited = wall();
  assert.ok(waited >= 59 && waited < 1000, `${waited} ms`);
  assert.throws(() => time(() => assert.fail('wrong')), /wrong/);
  await assert.rejects(
    time(async () => assert.fail('late')),
    /late/,
  );
  assert.equal(said.length, 2);
});

it('writes durations with three digits', () => {
  const written = [0.0012, 0.5, 12.345, 1234.5, 59_990, 61_000, 3_725_000].map(duration);
  assert.deepEqual(written, ['1.2 µs', '500 µs', '12.3 ms', '1.23 s', '60 s', '1min 1s', '62min 5s']);
});

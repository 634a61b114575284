import assert from 'node:assert/strict';
import { test } from 'node:test';
import { explain } from '../../../../notebooks/backend/cluster/lost.js';

const others = (wrong: Readonly<Record<number, string>>) => ({
  addresses: ['a:1', 'b:2', 'c:3'],
  index: 0,
  timeout: 7,
  health: (task: number) => wrong[task] ?? '',
});

const remote = (task: number) => `from remote target /job:worker/replica:0/task:${task} while calling RecvBuf`;

test('the task where the fault began is named, not those who ended because of it', () => {
  const error = new Error(`aborted by: aborted by: reset by peer\n${remote(2)}\n${remote(1)}`);
  const gone = 'no addresses; last error: UNKNOWN: Connection refused\nmore';
  assert.match(
    explain(error, others({ 1: gone, 2: gone })).message,
    /^task 2 \(c:3\) is lost: Connection refused; start all/,
  );
});

test('all who do not answer are named where nobody is mentioned, or where the time was over', () => {
  const gone = { 1: 'Deadline Exceeded', 2: 'Connection refused' };
  const both = /^task 1 \(b:2\) is lost: Deadline Exceeded; task 2 \(c:3\) is lost: Connection refused;/;
  assert.match(explain(new Error('aborted'), others(gone)).message, both);
  assert.match(explain(new Error(`aborted by: the time is over\n${remote(2)}`), others(gone)).message, both);
});

test('where all answer, the message says whether the time was over or a connection broke', () => {
  assert.match(explain(new Error('the time is over'), others({})).message, /not come .* within 7 s, though all answer/);
  assert.match(explain(new Error('reset by peer'), others({})).message, /lost each other.*: reset by peer;/);
});

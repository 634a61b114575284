import assert from 'node:assert/strict';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { openTrainingLog } from '../../../notebooks/cell/training-log.js';

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'log-'));
  path = join(folder, 'runs', 'a.jsonl');
});
afterEach(() => rmSync(folder, { recursive: true }));

const read = () =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map(line => JSON.parse(line));

test('each line is a record that can be read while the run goes on', () => {
  const log = openTrainingLog(path);
  log.append({ step: 50, loss: 0.5 });
  assert.deepEqual(read(), [{ step: 50, loss: 0.5 }]);
  log.append({ step: 100, loss: 0.25, note: 'best' });
  assert.deepEqual(read(), log.lines);
});

test('a run that goes on from a checkpoint keeps what came before it, and no step twice', () => {
  const first = openTrainingLog(path);
  for (const step of [50, 100, 150]) first.append({ step, loss: 1 / step });
  const again = openTrainingLog(path, 100);
  assert.deepEqual(
    again.lines.map(line => line.step),
    [50, 100],
  );
  again.append({ step: 150, loss: 2 });
  assert.deepEqual(
    read().map(line => [line.step, line.loss]),
    [
      [50, 1 / 50],
      [100, 1 / 100],
      [150, 2],
    ],
  );
});

test('half a line, of a process that was killed, is no line; a damaged one is named', () => {
  openTrainingLog(path).append({ step: 50, loss: 1 });
  appendFileSync(path, '{"step":100,"lo');
  assert.deepEqual(openTrainingLog(path, 100).lines, [{ step: 50, loss: 1 }]);
  writeFileSync(path, '{"step":50\n{"step":100}\n');
  assert.throws(() => openTrainingLog(path, 100), /a\.jsonl, line 1 is not JSON: \{"step":50; remove the file/);
});

import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { loadArchive } from '../../../../data/index.js';
import { slow } from '../../../support/slow.js';
import { ports, skip } from './launch.js';

const code = /```ts\n((?:(?!```)[\s\S])*?cluster\(\{[\s\S]*?)```/.exec(readFileSync('README.md', 'utf8'))?.[1] ?? '';

test('the example of the README trains in two processes', {
  skip: skip || slow('it starts two processes'),
}, async t => {
  const folder = mkdtempSync(join('.cache', 'cluster-'));
  t.after(() => rmSync(folder, { recursive: true }));
  const [a, b] = await ports(2);
  const path = join(folder, 'moons.safetensors');
  const program = code
    .replaceAll("'./", "'../../")
    .replace('31700', String(a))
    .replace('31701', String(b))
    .replace('.cache/moons.safetensors', path);
  assert.ok([String(a), String(b), path].every(part => program.includes(part)));
  writeFileSync(join(folder, 'train.ts'), program);
  const said = await Promise.all(
    [0, 1].map(async index => {
      const child = spawn(process.execPath, ['--import', 'tsx', join(folder, 'train.ts'), String(index)], {
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      const [lines, [status]] = await Promise.all([text(child.stdout), once(child, 'close')]);
      assert.equal(status, 0);
      return lines;
    }),
  );
  assert.match(said[0]!, /^(step \d+: loss \d+\.\d{3}\n){2}$/);
  assert.equal(said[1], '');
  assert.equal(loadArchive(path)?.metadata.steps, '100');
});

import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../', import.meta.url));

test('the ten lines of the README run as they stand and draw from the two modes', () => {
  const [, code = ''] = /```ts\n([\s\S]*?)```/.exec(readFileSync(join(root, 'README.md'), 'utf8')) ?? [];
  assert.match(code, /solve\(/);
  mkdirSync(join(root, '.cache'), { recursive: true });
  const folder = mkdtempSync(join(root, '.cache', 'readme-'));
  const program = `
    import { startBackend } from '${root}notebooks/backend/index.js';
    await startBackend('wasm');
    ${code.replace("'./lib/", `'${root}lib/`)}
    console.log(JSON.stringify(Array.from(samples.dataSync())));
  `;
  try {
    writeFileSync(join(folder, 'main.ts'), program);
    const run = spawnSync(process.execPath, ['--import', 'tsx', join(folder, 'main.ts')], {
      cwd: root,
      encoding: 'utf8',
    });
    assert.equal(run.status, 0, run.stderr);
    const values = JSON.parse(run.stdout.trim().split('\n').at(-1) ?? '') as number[];
    assert.equal(values.length, 2000);
    const x = values.filter((_, i) => i % 2 === 0);
    const right = x.filter(v => v > 0).length / x.length;
    assert.ok(Math.abs(right - 0.5) < 4 * Math.sqrt(0.25 / x.length), `share of the right mode ${right}`);
    assert.ok(x.every(v => Math.abs(Math.abs(v) - 1) < 6 * Math.sqrt(0.05)));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

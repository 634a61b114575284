import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { it } from 'node:test';
import { startKernel } from '../notebooks/kernel/client.js';

const CELLS = 3000;

/** Resident memory of the kernel, its checker and its user process, MB. */
const memory = (pid: number): number => {
  const listed = execFileSync('ps', ['-e', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' }).trim().split('\n');
  const rows = listed.map(line => line.trim().split(/\s+/).map(Number) as [number, number, number]);
  const family = new Set([pid]);
  for (let i = 0; i < 3; i++) for (const [child, parent] of rows) if (family.has(parent)) family.add(child);
  return rows.filter(([each]) => family.has(each)).reduce((sum, [, , size]) => sum + size, 0) / 1024;
};

it(`lives through ${CELLS} cells with tfjs: every one right, memory flat`, { timeout: 600_000 }, async t => {
  const kernel = await startKernel();
  try {
    await kernel.execute('import * as tf from "@tensorflow/tfjs"; let total = 0; const kept = tf.scalar(1);');
    let early = Number.NaN;
    for (let i = 1; i <= CELLS; i++) {
      // Names that stay, names that are replaced, and errors.
      const name = i % 3 === 0 ? `lasting${i % 90}` : 'passing';
      const { reply, result } = await kernel.execute(
        `const ${name}: number = ${i}; total += ${name}; tf.tidy(() => kept.add(${name}).dataSync()[0])`,
      );
      assert.equal(reply.content.status, 'ok', JSON.stringify(reply.content));
      assert.equal(result, String(i + 1));
      if (i % 50 === 0) await kernel.execute('const wrong: string = 1', { stop_on_error: false });
      if (i === CELLS / 3) early = memory(kernel.pid);
    }
    assert.equal((await kernel.execute('total')).result, String((CELLS * (CELLS + 1)) / 2));
    assert.equal((await kernel.execute('tf.memory().numTensors')).result, '1');
    if (!existsSync('/proc/self/stat') || !readFileSync('/proc/self/stat')) return t.diagnostic('memory not read here');
    const late = memory(kernel.pid);
    t.diagnostic(`memory after ${CELLS / 3} cells ${early.toFixed(0)} MB, after ${CELLS} ${late.toFixed(0)} MB`);
    assert.ok(late < 1.15 * early + 20, `memory grew from ${early} to ${late} MB`);
  } finally {
    await kernel.close();
  }
});

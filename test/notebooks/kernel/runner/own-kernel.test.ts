import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { ownKernel } from '../../../../notebooks/kernel/runner/launch.js';
import type { Cell } from '../../../../notebooks/kernel/runner/record/nbformat.js';
import type { NotebookRun } from '../../../../notebooks/kernel/runner/record/result-types.js';
import { placedResults } from '../../../../notebooks/kernel/runner/record/results.js';
import { runNotebook } from '../../../../notebooks/kernel/runner/run-notebook.js';
import { openKernel } from '../../../../notebooks/kernel/runner/running-kernel.js';

describe('the runner with the kernel of this project', { concurrency: 2 }, () => {
  let folder = '';
  // Inside the project, so that cells import its modules as the notebooks do.
  before(() => {
    mkdirSync('.build', { recursive: true });
    folder = mkdtempSync(resolve('.build/run-'));
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const run = (...sources: string[]): Promise<NotebookRun> => runIn({}, ...sources);
  const runIn = async (more: Record<string, string>, ...sources: string[]): Promise<NotebookRun> => {
    const env = { ...process.env, ...more };
    const kernel = await openKernel({ command: ownKernel(resolve('.')), cwd: folder, env });
    const cells = sources.map(
      (source, i): Cell => ({ cell_type: 'code', id: `c${i}`, source, metadata: {}, outputs: [] }),
    );
    try {
      const limits = { cell: 60_000, total: 120_000 };
      return await runNotebook(join(folder, 'a.ipynb'), { cells, metadata: {} }, kernel, limits, {});
    } finally {
      await kernel.stop();
    }
  };

  test('a process that is killed, runs out of memory or leaves is lost, also behind the last cell', async () => {
    const kill = 'process.kill(process.pid, "SIGKILL")';
    const hoard = 'const hoard: unknown[] = []; for (;;) hoard.push(new Array(1e5).fill(hoard));';
    const small = { NODE_OPTIONS: '--max-old-space-size=150' };
    for (const [reason, ...cells] of [
      [/SIGKILL/, `${kill}; await new Promise(() => {});`],
      [/SIGABRT|134/, hoard],
      [/code 0/, 'process.exit(0);'],
      [/SIGKILL/, `setTimeout(() => ${kill}, 20);`, 'await new Promise(done => setTimeout(done, 500));'],
      [/SIGKILL/, `setTimeout(() => ${kill}, 50); void 0;`],
    ] as const) {
      const result = await runIn(cells[0] === hoard ? small : {}, ...cells);
      assert.equal(result.status, 'broken', cells.join('\n'));
      assert.match(JSON.stringify([result.reason, ...result.cells.map(cell => cell.reason)]), reason);
    }
  });

  test('a process that dies while nothing runs is lost, whatever the next cell makes of its successor', async () => {
    const kernel = await openKernel({ command: ownKernel(resolve('.')), cwd: folder, env: process.env });
    const cells = ['process.pid', '1 + 1'].map(
      (source, i): Cell => ({ cell_type: 'code', id: `c${i}`, source, metadata: {}, outputs: [] }),
    );
    // Between the two cells, which the runner sends as fast as it can.
    const slowly: typeof kernel.execute = async (code, limit, listener, raises) => {
      if (code === '1 + 1') await new Promise(done => setTimeout(done, 200));
      return kernel.execute(
        code,
        limit,
        (type, content) => {
          listener(type, content);
          const { data } = content as { data?: Record<string, string> };
          if (code === 'process.pid' && data) setTimeout(() => process.kill(Number(data['text/plain']), 'SIGKILL'), 50);
        },
        raises,
      );
    };
    const limits = { cell: 60_000, total: 120_000 };
    const result = await runNotebook('a.ipynb', { cells, metadata: {} }, { ...kernel, execute: slowly }, limits, {});
    await kernel.stop();
    assert.equal(result.status, 'broken');
    assert.match(String(result.cells[0]?.reason), /SIGKILL/);
  });

  test('a flood does not become a notebook of its size', async () => {
    const result = await run('console.log("x".repeat(30e6));');
    assert.equal(result.status, 'ok');
    const [printed] = outputsOf(result, 0);
    assert.match(
      String(printed && 'text' in printed && printed.text),
      /^x{1000000}\n… 28,000,001 characters left out …\n/,
    );
  });

  test('what the last cell left behind counts: its words, its error, and no time where it left nothing', async () => {
    const words = await run('setTimeout(() => console.log("late words"), 100); void 0;');
    assert.deepEqual(outputsOf(words, 0), [{ output_type: 'stream', name: 'stdout', text: 'late words\n' }]);
    for (const fails of ['throw new Error("late");', 'void Promise.reject(new Error("late"));']) {
      const result = await run(`setTimeout(() => { ${fails} }, 400); void 0;`);
      assert.equal(result.status, 'failed');
      assert.equal(result.cells[0]?.reason, 'after the cell had ended, Error: late');
    }
    const [fails, waits] = ['throw new Error("late")', 'await new Promise(done => setTimeout(done, 900));'];
    const earlier = await run(
      `setTimeout(() => { ${fails} }, 400); setTimeout(() => console.log("late"), 300); void 0;`,
      waits,
    );
    assert.equal(earlier.status, 'failed', 'though another cell ran by then');
    assert.equal(earlier.cells[0]?.reason, 'after the cell had ended, Error: late');
    assert.equal(outputsOf(earlier, 0).length, 2);
    const nothing = await run('1 + 1');
    assert.ok(nothing.milliseconds - nothing.cells[0]!.milliseconds < 800, `${nothing.milliseconds} ms`);
  });

  const outputsOf = (result: NotebookRun, index: number) => {
    const cell = result.notebook.cells[index];
    return cell && 'outputs' in cell ? cell.outputs : [];
  };

  test('a figure arrives as one bundle with its size, a named result with its value, every line as it was printed', async () => {
    const result = await run(
      "import { figure, show } from './notebooks/figure/index.js';\nimport { result } from './notebooks/cell/result.js';",
      "await show(figure([{ y: [1, 2] }], { title: 'line' }));",
      "result('one', 1.5, { expected: 1.5, tolerance: 0 });",
      'for (let i = 0; i < 3000; i++) console.log(i);',
      "figure([{ y: [1, 2] }], { title: 'line' })",
    );
    assert.equal(result.status, 'ok', result.cells.at(-1)?.reason);
    const [output] = outputsOf(result, 1);
    assert.ok(output && 'data' in output);
    const types = ['application/vnd.plotly.v1+json', 'image/png', 'text/plain'];
    assert.deepEqual(Object.keys(output.data).sort(), types);
    assert.deepEqual(output.metadata, { 'image/png': { width: 700, height: 420 } });
    const [last] = outputsOf(result, 4);
    assert.deepEqual(last && 'metadata' in last && last.metadata, output.metadata);
    assert.deepEqual(
      placedResults(result.notebook).map(r => [r.name, r.value, r.index]),
      [['one', 1.5, 2]],
    );
    const [printed] = outputsOf(result, 3);
    assert.equal(printed && 'text' in printed && printed.text.trim().split('\n').length, 3000);
    assert.ok(Number(result.provenance.peakMemory) > 1e7);
  });

  test('each cell is told what it held in memory, whatever the cells before it held', {
    skip: process.platform !== 'linux',
  }, async () => {
    const result = await run(
      'let held: Buffer | undefined = Buffer.alloc(4e8, 1); held.length;',
      "held = undefined; (await import('node:v8')).setFlagsFromString('--expose-gc'); (await import('node:vm')).runInNewContext('gc')();",
      '1;',
    );
    const [large, , small] = result.cells.map(({ memory }) => memory ?? 0);
    assert.ok(large! > 4e8, `${large}`);
    assert.ok(small! > 2e7 && small! < large! - 2e8, `${small} after ${large}`);
    assert.ok(result.provenance.peakMemory! >= large!);
  });

  test('an error names the line of the cell that ran, in code of an earlier cell too', async () => {
    const result = await run('const f = (): number => {\n  throw new RangeError("deep");\n};', '1;\nf();');
    assert.equal(result.status, 'failed');
    assert.equal(result.cells[1]?.reason, 'RangeError: deep');
    assert.equal(result.cells[1]?.line, 2);
  });

  test('a type error fails before anything runs, with its line', async () => {
    const result = await run('console.log("side effect");\nconst n: number = "text";');
    assert.equal(result.cells[0]?.line, 2);
    assert.ok(outputsOf(result, 0).every(output => output.output_type === 'error'));
  });

  test('a rejection that nobody handles fails the notebook though its cell had ended', async () => {
    const result = await run(
      'setTimeout(() => { void Promise.reject(new Error("unheard")); }, 30);',
      'await new Promise(done => setTimeout(done, 300));',
    );
    assert.equal(result.status, 'failed');
    assert.match(JSON.stringify(result.cells.map(cell => cell.reason)), /unheard/);
  });
});

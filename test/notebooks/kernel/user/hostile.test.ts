import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { slow } from '../../../support/slow.js';
import { type Client, withKernel } from '../client.js';

/** Whatever a cell does to what it finds, the runtime has its own. */
const TAMPERING = [
  'JSON.stringify = () => "nonsense"; JSON.parse = () => 0;',
  '(Object.prototype as any).toJSON = () => "nonsense";',
  '(Array.prototype as any).toJSON = () => "nonsense";',
  'globalThis.setImmediate = (() => 0) as any; globalThis.setTimeout = (() => 0) as any;',
  'Promise.prototype.then = () => { throw new Error("then") };',
  'globalThis.Promise = class { constructor() { throw new Error("Promise") } } as any;',
  'Date.now = () => 0;',
  'Buffer.from = Buffer.concat = Buffer.alloc = (() => { throw new Error("Buffer") }) as any;',
];

const works = async ({ execute }: Pick<Client, 'execute'>, after: string) => {
  const { result, stream } = (await Promise.race([
    execute('console.log("line"); ({ a: [1, "x"] })'),
    wait(5000).then(() => assert.fail(`no answer after ${after}`)),
  ])) as Awaited<ReturnType<Client['execute']>>;
  assert.deepEqual([result, stream('stdout')], ["{ a: [ 1, 'x' ] }", 'line\n'], after);
};

describe('a cell that tampers', { timeout: 120_000, skip: slow('starts a kernel for every trick') }, () => {
  it('with the globals of the language leaves the runtime its own', async () => {
    for (const code of TAMPERING) {
      await withKernel({}, async kernel => {
        const { reply } = await kernel.execute(code);
        assert.equal(reply.content.status, 'ok', `${code}: ${reply.content.evalue}`);
        await works(kernel, code);
        assert.equal((await kernel.execute('throw new Error("told")')).reply.content.evalue, 'told', code);
      });
    }
  });

  it('with file descriptors writes to its own output, or loses the process, which is said', async () => {
    await withKernel({}, async kernel => {
      await kernel.execute('import { closeSync, writeSync } from "node:fs"');
      const { stream } = await kernel.execute('writeSync(3, "junk\\n"); console.log("kept"); 1');
      assert.deepEqual([stream('stdout'), stream('stderr')], ['kept\n', 'junk\n']);
      await works(kernel, 'junk');
      for (const fd of [3, 4, 5]) {
        // The thread that is to interrupt opens its line a moment later.
        await wait(500);
        const { reply } = await kernel.execute(
          `const { closeSync: close } = await import("node:fs"); close(${fd}); await new Promise(() => {})`,
        );
        assert.match(String(reply.content.evalue), /has closed its lines to the kernel/, `closing ${fd}`);
        await works(kernel, `closing ${fd}`);
      }
    });
  });
});

describe('questions to somebody', { timeout: 60_000 }, () => {
  const answers = () => {
    let count = 0;
    return { onInput: (prompt: string) => `${prompt}${++count}` };
  };
  const within = <T>(answer: Promise<T>): Promise<T> =>
    Promise.race([answer, wait(8000).then(() => assert.fail('no answer'))]) as Promise<T>;

  it('are asked one at a time', async () => {
    await withKernel({}, async ({ execute }) => {
      const { result } = await within(execute('await Promise.all([input("a"), input("b"), input("c")])', answers()));
      assert.equal(result, "[ 'a1', 'b2', 'c3' ]");
    });
  });

  it('come from libraries that read process.stdin, too', async () => {
    await withKernel({}, async ({ execute }) => {
      const readline = `import { createInterface } from 'node:readline/promises';
        const ask = async (what: string) => {
          const lines = createInterface({ input: process.stdin, output: process.stdout });
          try { return await lines.question(what) } finally { lines.close() }
        };
        await ask('who? ')`;
      const asked = await within(execute(readline, answers()));
      assert.equal(asked.result, "'1'");
      assert.match(asked.stream('stdout'), /who\? /);
      const zx = await within(execute("import { question } from 'zx'; await question('what? ')", answers()));
      assert.equal(zx.result, "'1'");
    });
  });

  it('end the cell where nobody can be asked', async () => {
    await withKernel({}, async ({ execute }) => {
      const code = `import { createInterface } from 'node:readline/promises';
        await createInterface({ input: process.stdin }).question('?')`;
      const { reply } = await within(execute(code, { allow_stdin: false }));
      assert.match(String(reply.content.evalue), /process.stdin asks somebody, but this run has nobody to ask/);
      assert.equal((await execute('1 + 1', { allow_stdin: false })).result, '2');
    });
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { scripts } from '../../../../notebooks/kernel/cells/scripts.js';
import { startCompiler } from '../../../../notebooks/kernel/compiler/compiler-client.js';
import { findProject } from '../../../../notebooks/kernel/project/project.js';
import { alive, below } from '../../../support/process-tree.js';
import { slow } from '../../../support/slow.js';
import { LAUNCHER, startKernel, withKernel } from '../client.js';

/** Template-literal types that TypeScript compares for half a minute. */
const letters = ['abcdefghij', 'klmnopqrst', 'uvwxyzabcd', 'efghijklmn'];
const long = [
  'type D = 0 | 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9; declare const a: `${D}${D}${D}${D}${string}`;',
  ...letters.map(each => {
    const name = `L${each}`;
    const type = [...each].map(letter => `'${letter}'`).join(' | ');
    return `type ${name} = ${type}; const ${each}: \`\${string}${`\${${name}}`.repeat(4)}\${string}\` | \`\${D}\${string}\` = a;`;
  }),
].join('\n');

describe('a check that takes long', { timeout: 60_000, skip: slow('waits for a check and ends it') }, () => {
  it('is ended by an interrupt, and what was declared before is known after', async () => {
    await withKernel({}, async kernel => {
      await kernel.execute('let kept: number[] = []');
      const running = kernel.execute(long);
      await wait(500);
      const asked = performance.now();
      await kernel.request('interrupt_request', {}, { channel: 'control' });
      const { reply } = await running;
      assert.ok(performance.now() - asked < 2000, `ended ${performance.now() - asked} ms later`);
      assert.equal(reply.content.ename, 'KeyboardInterrupt');
      assert.equal((await kernel.execute('kept.push(1)')).result, '1');
      assert.match(String((await kernel.execute('kept.push("1")')).reply.content.evalue), /TS2345/);
    });
  });

  it('is ended when nobody can be asked to wait any longer', async () => {
    const compiler = startCompiler(findProject(process.cwd()), scripts().compiler, { check: 700, questions: 700 });
    assert.equal((await compiler.check('let kept: number[] = []')).ok, true);
    const checked = await compiler.check(long);
    assert.match(checked.ok ? 'ok' : checked.errors[0]!.message, /took more than 60 s and was ended/);
    assert.equal((await compiler.check('kept.push(1)')).ok, true);
    await compiler.close();
  });

  it('keeps no process alive when the one that started the kernel is killed', async () => {
    const jupyter = 'JPY_PARENT_PID=$$ "$@" & echo "kernel $!" >&2; wait';
    const kernel = await startKernel({
      command: ['sh', '-c', jupyter, 'sh', process.execPath, LAUNCHER, 'kernel', '-f', '{file}'],
    });
    await kernel.execute('1');
    void kernel.execute(long);
    await wait(500);
    const own = Number(/kernel (\d+)/.exec(kernel.log())?.[1]);
    const left = [own, ...below(own)];
    assert.ok(left.length > 2);
    process.kill(kernel.pid, 'SIGKILL');
    for (let i = 0; i < 80 && alive(left).length > 0; i++) await wait(100);
    const still = alive(left);
    for (const pid of still) process.kill(pid, 'SIGKILL');
    assert.deepEqual(still, []);
    await kernel.close();
  });
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { after, describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCompiler } from '../../../../notebooks/kernel/compiler/compiler.js';
import { createRevived } from '../../../../notebooks/kernel/compiler/revived.js';
import { findProject } from '../../../../notebooks/kernel/project/project.js';

describe('the checker, whatever happens to its process', () => {
  const compiler = createCompiler(findProject(process.cwd()));
  after(() => compiler.close());

  const checkers = (): number[] =>
    execFileSync('ps', ['-e', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
      .split('\n')
      .map(row => row.trim().split(/\s+/))
      .filter(([, parent, ...args]) => Number(parent) === process.pid && args.includes('--api'))
      .map(([pid]) => Number(pid));
  const verdict = (code: string) => {
    const checked = compiler.check(code);
    return checked.ok ? 'ok' : checked.errors[0]?.message;
  };

  it('is started again, with the cells before', { skip: process.platform === 'win32' }, async () => {
    assert.equal(verdict('import { sep } from "node:path"; let kept: number[] = [];'), 'ok');
    for (const notice of [true, false]) {
      for (const pid of checkers()) process.kill(pid, 'SIGKILL');
      if (notice) await sleep(200);
      assert.equal(verdict(`kept.push(sep.length); // ${notice}`), 'ok');
      assert.match(String(verdict('kept.push("text")')), /TS2345/);
      assert.equal(compiler.inspect('kept', 0)?.signature, 'kept: number[]');
    }
    assert.equal(checkers().length, 1);
  });

  it('refuses a text that it fails at, and answers the next', async () => {
    // Half of a surrogate pair, which messages from outside no longer hold: what reads the files has no word for it.
    const text = 'const half = "\ud83d";';
    for (const ask of [
      () => compiler.check(text),
      () => compiler.complete(`${text} ha`, text.length + 3),
      () => compiler.inspect(text, 6),
    ]) {
      assert.throws(ask, /TypeScript's checker has failed twice at this/);
      assert.equal(verdict('const after: number = kept.length;'), 'ok');
      assert.match(String(verdict('const wrong: string = after;')), /TS2322/);
    }
    await sleep(200);
    assert.equal(checkers().length, 1);
  });
});

describe('something that is opened anew', () => {
  it('is asked once more where it failed or has ended, and never a third time', () => {
    let opened = 0;
    const closed: number[] = [];
    const ends = new Set<number>();
    const things = createRevived({
      name: 'it',
      open: () => ++opened,
      ended: thing => ends.has(thing),
      close: thing => void closed.push(thing),
    });
    assert.equal(
      things.ask(thing => thing),
      1,
    );
    ends.add(1);
    assert.equal(
      things.ask(thing => thing),
      2,
    );
    const asked: number[] = [];
    const fail = (thing: number) => {
      asked.push(thing);
      throw new Error('no');
    };
    assert.throws(() => things.ask(fail), /it has failed twice at this.*: no/);
    assert.deepEqual(asked, [2, 3]);
    assert.equal(
      things.ask(thing => thing),
      4,
    );
    things.close();
    assert.deepEqual(closed, [1, 2, 3, 4]);
  });
});

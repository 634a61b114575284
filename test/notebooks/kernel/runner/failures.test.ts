import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { main } from '../../../../notebooks/kernel/runner/command.js';
import type { Status } from '../../../../notebooks/kernel/runner/record/result-types.js';
import { codeNotebook } from '../../../support/notebook.js';
import { slow } from '../../../support/slow.js';
import { LAUNCHER } from '../client.js';

const fake = `${process.execPath} --import ${import.meta.resolve('tsx')} ${resolve('test/notebooks/kernel/runner/fake-kernel.ts')} {connection_file}`;

interface Kind {
  readonly cells: readonly string[];
  readonly status: Status;
  readonly reason: RegExp;
}

const wait = (ms: number) => `await new Promise(done => setTimeout(done, ${ms}));`;

/** The second cell of each would hide what came before it. */
const FAILED: Readonly<Record<string, Kind>> = {
  throw: { cells: ['throw new RangeError("thrown")', '1'], status: 'failed', reason: /RangeError: thrown/ },
  'type error': { cells: ['const n: number = "text"', '1'], status: 'failed', reason: /TS2322/ },
  'syntax error': { cells: ['const = 1', '1'], status: 'failed', reason: /TS1134/ },
  'late error': {
    cells: ['setTimeout(() => { throw new Error("late"); }, 30); void 0', wait(300)],
    status: 'failed',
    reason: /Error: late/,
  },
  'late rejection': {
    cells: ['setTimeout(() => void Promise.reject(new Error("late")), 30); void 0', wait(300)],
    status: 'failed',
    reason: /Error: late/,
  },
};

const NO_END = /no end within 6 s; interrupted/;
const ENDLESS: Readonly<Record<string, Kind>> = {
  'loop for ever': { cells: ['for (;;);', '1'], status: 'timeout', reason: NO_END },
  'loop for ever that waits': { cells: [`for (;;) ${wait(1)}`, '1'], status: 'timeout', reason: NO_END },
  'promise that nobody keeps': { cells: ['await new Promise(() => {})', '1'], status: 'timeout', reason: NO_END },
};

const BROKEN: Readonly<Record<string, Kind>> = {
  exit: { cells: ['process.exit(0)', '1'], status: 'broken', reason: /code 0/ },
  abort: { cells: ['process.abort()', '1'], status: 'broken', reason: /SIGABRT|134/ },
  'kill -9 of the process that runs cells': {
    cells: [`process.kill(process.pid, "SIGKILL"); ${wait(3000)}`, '1'],
    status: 'broken',
    reason: /SIGKILL/,
  },
  'kill -9 of the kernel': {
    cells: [`process.kill(process.ppid, "SIGKILL"); ${wait(3000)}`, '1'],
    status: 'broken',
    reason: /the kernel died \(SIGKILL\)/,
  },
  'out of memory': {
    cells: ['const hoard: unknown[] = []; for (;;) hoard.push(new Array(1e5).fill(hoard));', '1'],
    status: 'broken',
    reason: /SIGABRT|134/,
  },
};

interface Told {
  readonly file: string;
  readonly status: Status;
  readonly reason?: string;
  readonly cells: readonly { readonly reason?: string }[];
}

describe('tsnb run tells how a notebook failed', {
  skip: slow('a kernel for each kind of failure'),
  timeout: 600_000,
}, () => {
  let folder = '';
  before(() => {
    mkdirSync('.build', { recursive: true });
    folder = mkdtempSync(resolve('.build/failures-'));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const write = (name: string, cells: readonly string[]): string => {
    const file = join(folder, `${name.replace(/\W+/g, '-')}.ipynb`);
    writeFileSync(file, codeNotebook(cells));
    return file;
  };

  /** Runs them, and returns the exit code, what results.json says of each, and the folder. */
  const run = (files: readonly string[], ...more: readonly string[]) => {
    const output = mkdtempSync(join(folder, 'out-'));
    const { status } = spawnSync(process.execPath, [LAUNCHER, 'run', ...more, '-o', output, ...files]);
    const { notebooks } = JSON.parse(readFileSync(join(output, 'results.json'), 'utf8')) as { notebooks: Told[] };
    return { status, output, told: new Map(notebooks.map(each => [basename(each.file), each])) };
  };

  const check = (kinds: Readonly<Record<string, Kind>>, exit: number, ...more: readonly string[]): void => {
    const files = new Map(Object.entries(kinds).map(([kind, { cells }]) => [kind, write(kind, cells)]));
    const { status, output, told } = run([...files.values()], ...more);
    for (const [kind, expected] of Object.entries(kinds)) {
      const name = basename(files.get(kind)!);
      const { status, reason, cells } = told.get(name)!;
      assert.equal(status, expected.status, kind);
      assert.match([reason, ...cells.map(cell => cell.reason)].join('\n'), expected.reason, kind);
      assert.equal(JSON.parse(readFileSync(join(output, name), 'utf8')).cells.length, expected.cells.length, kind);
    }
    assert.equal(status, exit);
  };

  test('by its own doing: exit code 1', () => check(FAILED, 1));

  test('by no end: exit code 3', () => check(ENDLESS, 3, '--timeout', '6'));

  test('by the end of its process: exit code 4', () => check(BROKEN, 4, '-e', 'NODE_OPTIONS=--max-old-space-size=150'));

  test('and 100 MB of output are no failure: what is kept of them is readable, and says how much is gone', () => {
    const lines = "const line = 'x'.repeat(999);\nfor (let i = 0; i < 1e5; i++) console.log(line);";
    const { status, output } = run([write('flood', [lines, "console.log('after')"])]);
    assert.equal(status, 0);
    const text = readFileSync(join(output, 'flood.ipynb'), 'utf8');
    assert.ok(text.length < 3e6, `${text.length}`);
    assert.match(text, /… 98,\d{3},\d{3} characters left out …/);
    assert.match(text, /"after\\n"/);
  });
});

const noFull = !existsSync('/dev/full') && 'this system has no device that is always full';
for (const name of ['full.ipynb', 'results.json', 'index.html']) {
  test(`a full disk is told with the file, ${name}, and the way out; what was there is whole`, {
    skip: noFull,
  }, async t => {
    const folder = mkdtempSync(join(tmpdir(), 'full-'));
    const said = t.mock.method(console, 'error', () => undefined);
    try {
      const file = join(folder, 'full.ipynb');
      writeFileSync(file, codeNotebook(['print one']));
      // Where the notebook lies: there it is written once, at the end.
      const place = join(folder, name);
      if (place !== file) writeFileSync(place, 'earlier');
      const earlier = readFileSync(place, 'utf8');
      symlinkSync('/dev/full', `${place}.${process.pid}.partial`);
      assert.equal(await main(['--kernel', fake, '-o', folder, file]), 4);
      const words = said.mock.calls.map(call => String(call.arguments[0])).join('\n');
      assert.ok(words.includes(`${place} cannot be written (ENOSPC): free some space`), words);
      assert.equal(readFileSync(place, 'utf8'), earlier);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
}

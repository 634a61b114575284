import { spawn } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyProject } from '../support/project-copy.js';
import { importsOperation, type Mutant } from './rules.js';

/** What a test or a notebook made of the library as it is at the moment. */
export interface Verdict {
  readonly passed: boolean;
  /** The line that says what failed. */
  readonly said: string;
  /** A text that does not run proves nothing about a check. */
  readonly ran: boolean;
}

const SECONDS = { test: 400, notebook: 900 };
/** What a text says that names what is not there. */
const BROKEN = /ReferenceError|SyntaxError|is not a function|is not defined|ERR_MODULE|TransformError|has no exported/;
const SAID = [
  /FailedCheck: (✗ .*)/,
  /failed: (.*)/,
  /^✖ (?!failing)(.*?)(?: \([\d.]+ms\))?$/m,
  /(\w*Error\b.*)/,
] as const;

/** A copy of the project in which one text at a time is wrong. */
export interface Garden {
  /** Runs something while the fault stands in the text. */
  withFault<T>(mutant: Mutant, run: () => Promise<T>): Promise<T>;
  /** Runs files of tests in one process, from the root of the project. */
  test(files: readonly string[]): Promise<Verdict>;
  /** Runs a notebook. */
  read(notebook: string): Promise<Verdict>;
  remove(): void;
}

const run = (root: string, args: readonly string[], seconds: number): Promise<{ code: number | null; said: string }> =>
  new Promise(resolve => {
    const env = { ...process.env, TF_CPP_MIN_LOG_LEVEL: '3', BACKEND: '' };
    const child = spawn(process.execPath, args, { cwd: root, env, timeout: seconds * 1000, killSignal: 'SIGKILL' });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8');
      stream.on('data', (text: string) => {
        said += text;
      });
    }
    child.on('close', code => resolve({ code, said }));
  });

/** The text with the fault, and with what the fault has to import. */
export const plantedText = (text: string, { start, end, wrong, needs }: Mutant): string => {
  const planted = text.slice(0, start) + wrong + text.slice(end);
  const imported = needs !== undefined && importsOperation(text, needs);
  return needs && !imported ? `${planted}\nimport { ${needs} } from '@tensorflow/tfjs-core';\n` : planted;
};

const verdict = ({ code, said }: { code: number | null; said: string }): Verdict => {
  const line = SAID.map(form => form.exec(said)?.[1]).find(found => found !== undefined);
  const passed = code === 0;
  return { passed, ran: passed || !BROKEN.test(said), said: code === null ? 'never ended' : (line ?? '').trim() };
};

export const openGarden = (): Garden => {
  const { root, remove } = copyProject();
  cpSync('test', join(root, 'test'), { recursive: true });
  return {
    remove,
    async withFault(mutant, work) {
      const path = join(root, 'lib', mutant.file);
      const text = readFileSync(path, 'utf8');
      writeFileSync(path, plantedText(text, mutant));
      try {
        return await work();
      } finally {
        writeFileSync(path, text);
      }
    },
    async test(files) {
      const all = files.map(file => `await import('./${file}');`).join('');
      return verdict(await run(root, ['--import', 'tsx', '--test-reporter', 'spec', '-e', all], SECONDS.test));
    },
    async read(notebook) {
      const args = ['notebooks/kernel/bin/tsnb.mjs', 'run', '--output', 'report', notebook];
      return verdict(await run(root, args, SECONDS.notebook));
    },
  };
};

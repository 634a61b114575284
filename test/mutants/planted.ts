import { spawnSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyProject } from '../support/project-copy.js';

/** A fault in lib, and the notebook that has to see it: one of its checks fails. */
export interface Fault {
  readonly what: string;
  /** Its name without `.ipynb`. */
  readonly notebook: string;
  /** From lib/. */
  readonly file: string;
  /** Stands in the file once. */
  readonly right: string;
  readonly wrong: string;
}

/** What became of a fault: the check that failed, or why none did. */
export interface Outcome {
  readonly caught: boolean;
  readonly said: string;
}

/** A copy of the project in which faults are planted, one at a time. */
export const openGarden = (): { plant(fault: Fault): Outcome; remove(): void } => {
  const { root, remove } = copyProject();
  return {
    remove,
    plant({ notebook, file, right, wrong }) {
      const path = join(root, 'lib', file);
      const text = readFileSync(path, 'utf8');
      if (text.split(right).length !== 2) return { caught: false, said: `${file} does not hold once: ${right}` };
      const planted = text.replace(right, () => wrong);
      writeFileSync(path, planted);
      try {
        const args = ['notebooks/kernel/bin/tsnb.mjs', 'run', '--output', 'report', `notebooks/${notebook}.ipynb`];
        const { status, stdout, stderr } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' });
        const failed = /FailedCheck: (✗ .*)/.exec(stdout + stderr)?.[1];
        if (status === 1 && failed) return { caught: true, said: failed };
        return { caught: false, said: status === 0 ? 'every check passed' : stdout + stderr };
      } finally {
        writeFileSync(path, text);
      }
    },
  };
};

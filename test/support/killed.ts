import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { philox } from '../../lib/rng/rng.js';
import { codeNotebook } from './notebook.js';

const program = fileURLToPath(new URL('./killable.ts', import.meta.url));
const STEPS = 120;

/** Runs it until it ends, or is killed some milliseconds after the step `at`; returns the signal that ended it. */
const run = async (root: string, mode: string, at = Number.POSITIVE_INFINITY, delay = 0): Promise<string | null> => {
  const child = spawn(process.execPath, ['--import', 'tsx', program, root, mode, String(STEPS)], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  child.stderr.on('data', text => {
    said += text;
  });
  child.stdout.on('data', text => {
    const step = Number(String(text).trim().split('\n').at(-1));
    if (step >= at) setTimeout(() => child.kill('SIGKILL'), delay);
  });
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  if (code !== 0 && signal === null) throw new Error(`the training ended with ${code}: ${said}`);
  return signal;
};

/** A project's folder as far as a checkpoint reads it. */
const makeRoot = (): string => {
  const root = mkdtempSync(join(tmpdir(), 'killed-'));
  for (const folder of ['notebooks/backend', 'lib', 'data']) mkdirSync(join(root, folder), { recursive: true });
  writeFileSync(join(root, 'notebooks/n.ipynb'), codeNotebook(['openCheckpoint(…)']));
  writeFileSync(join(root, 'package-lock.json'), '{}');
  return root;
};

/**
 * The file that a training leaves at its end, with so many kills −9 on the way, at random moments.
 * @returns its bytes, and how often the training was really killed
 */
export const killedRun = async (
  mode: 'eager' | 'compiled',
  kills: number,
): Promise<{ end: Buffer; killed: number }> => {
  const root = makeRoot();
  const rng = philox(kills);
  const moments = [...rng.uniforms(kills)].map(u => 1 + Math.floor(u * (STEPS - 10))).sort((a, b) => a - b);
  try {
    let killed = 0;
    for (const at of moments) if (await run(root, mode, at, 20 * rng.uniforms(1)[0]!)) killed++;
    await run(root, mode);
    return { end: readFileSync(join(root, 'end.safetensors')), killed };
  } finally {
    rmSync(root, { recursive: true });
  }
};

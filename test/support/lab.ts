import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { skipWithoutChromium } from './chromium.js';
import { freePort } from './port.js';

/** What a test says of itself where there is no browser or no JupyterLab. */
export const skipWithoutLab = (): string | false =>
  skipWithoutChromium() || (!existsSync('.venv/share/jupyter/lab') && 'JupyterLab is not in .venv (make lab)');

/** The lab of `make lab`, on a folder of its own: JupyterLab's autosave may change what is in it. */
export interface Lab {
  /** Where the files go. */
  readonly folder: string;
  /** The address of one of them. */
  url(name: string): string;
  /** What the lab has printed so far. */
  said(): string;
  /** What it, and the kernels that it has started, have put into the user's home. */
  homeFiles(): string[];
}

async function answers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 240; attempt++) {
    const ready = await fetch(url).then(
      response => response.ok,
      () => false,
    );
    if (ready) return;
    await new Promise(resolve => setTimeout(resolve, 250));
  }
  throw new Error(`JupyterLab did not answer at ${url}`);
}

/** Runs with a lab that is gone afterwards, and so are the files. */
export async function withLab(run: (lab: Lab) => Promise<void>): Promise<void> {
  mkdirSync('.cache', { recursive: true });
  const folder = mkdtempSync(join('.cache', 'lab-test-'));
  const port = await freePort();
  const options = [
    '--no-browser',
    `--ServerApp.port=${port}`,
    '--IdentityProvider.token=',
    '--ContentsManager.allow_hidden=True',
  ];
  const script = join('notebooks', 'setup', 'lab.ts');
  const home = mkdtempSync(join(tmpdir(), 'home-'));
  const others = Object.entries(process.env).filter(([name]) => !name.startsWith('XDG_'));
  const lab: ChildProcess = spawn(process.execPath, ['--import', 'tsx', script, ...options], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...Object.fromEntries(others), HOME: home },
  });
  let said = '';
  for (const stream of [lab.stdout, lab.stderr]) {
    stream?.on('data', part => {
      said += part;
    });
  }
  const exited = once(lab, 'exit');
  try {
    await answers(`http://127.0.0.1:${port}/api/status`);
    const at = `http://127.0.0.1:${port}/lab/tree/.cache/${basename(folder)}`;
    await run({ folder, url: name => `${at}/${name}?reset`, said: () => said, homeFiles: () => readdirSync(home) });
  } finally {
    lab.kill('SIGTERM');
    await exited;
    for (const each of [folder, home]) rmSync(each, { recursive: true, force: true });
  }
}

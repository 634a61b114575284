import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import type { Page } from 'playwright-core';
import { skipWithoutChromium, withPage } from '../../support/chromium.js';
import { freePort } from '../../support/port.js';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const folder = join(root, '.cache', 'lab-test');
const skip =
  skipWithoutChromium() ||
  (!existsSync(join(root, '.venv', 'share', 'jupyter', 'lab')) && 'JupyterLab is not in .venv (make lab)');

async function answers(url: string): Promise<void> {
  for (let attempt = 0; attempt < 240; attempt++) {
    if (
      await fetch(url).then(
        response => response.ok,
        () => false,
      )
    )
      return;
    await new Promise(resolve => setTimeout(resolve, 250));
  }
  throw new Error(`JupyterLab did not answer at ${url}`);
}

/** The lab on a copy of the first notebook, which JupyterLab's autosave may change. Returns what the lab has printed. */
async function withLab(run: (url: string) => Promise<void>): Promise<string> {
  mkdirSync(folder, { recursive: true });
  copyFileSync(join(root, 'notebooks', '01-tour.ipynb'), join(folder, 'tour.ipynb'));
  const port = await freePort();
  const options = [
    '--no-browser',
    `--ServerApp.port=${port}`,
    '--IdentityProvider.token=',
    '--ContentsManager.allow_hidden=True',
  ];
  const script = join(root, 'notebooks', 'setup', 'lab.ts');
  const lab: ChildProcess = spawn(process.execPath, ['--import', 'tsx', script, ...options], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let said = '';
  for (const stream of [lab.stdout, lab.stderr]) stream?.on('data', part => (said += part));
  const exited = once(lab, 'exit');
  try {
    await answers(`http://127.0.0.1:${port}/api/status`);
    await run(`http://127.0.0.1:${port}/lab/tree/.cache/lab-test/tour.ipynb?reset`);
  } finally {
    lab.kill('SIGTERM');
    await exited;
    rmSync(folder, { recursive: true, force: true });
  }
  return said;
}

async function runAll(page: Page): Promise<void> {
  await page.locator('.jp-Notebook').first().waitFor({ timeout: 60_000 });
  await page.getByText('TypeScript (tsnb)').first().waitFor({ timeout: 60_000 });
  await page.getByRole('menuitem', { name: 'Run', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Run All Cells', exact: true }).click();
}

test('make lab opens notebook 1 with the kernel, runs it and shows its figures', {
  skip,
  timeout: 300_000,
}, async () => {
  await withLab(url =>
    withPage(async page => {
      await page.goto(url);
      await runAll(page);
      // JupyterLab renders cells as they scroll into view, so go on until the last figure has come.
      const figures = page.locator('.jp-OutputArea-output .js-plotly-plot, .jp-OutputArea-output img');
      await page
        .locator('.jp-OutputArea-output', { hasText: 'tensorflow' })
        .or(page.locator('.jp-OutputArea-output', { hasText: 'wasm' }))
        .first()
        .waitFor({ timeout: 120_000 });
      await figures.first().waitFor({ timeout: 120_000 });
      const picture = await figures.first().boundingBox();
      assert.ok(picture !== null && picture.width > 300 && picture.height > 150, JSON.stringify(picture));
      assert.equal(
        await page.locator('.jp-OutputArea-output[data-mime-type="application/vnd.jupyter.error"]').count(),
        0,
      );
      if (process.env.SCREENSHOT) {
        await figures.first().scrollIntoViewIfNeeded();
        await page.screenshot({ path: process.env.SCREENSHOT });
      }
    }),
  );
});

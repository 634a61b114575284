import assert from 'node:assert/strict';
import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { withPage } from '../../support/chromium.js';
import { skipWithoutLab, withLab } from '../../support/lab.js';

async function runAll(page: Page): Promise<void> {
  await page.locator('.jp-Notebook').first().waitFor({ timeout: 60_000 });
  await page.getByText('TypeScript (tsnb)').first().waitFor({ timeout: 60_000 });
  await page.getByRole('menuitem', { name: 'Run', exact: true }).click();
  await page.getByRole('menuitem', { name: 'Run All Cells', exact: true }).click();
}

test('make lab opens notebook 1 with the kernel, runs it and shows its figures', {
  skip: skipWithoutLab(),
  timeout: 300_000,
}, async () => {
  await withLab(({ folder, url, said, homeFiles }) =>
    withPage(async page => {
      copyFileSync('notebooks/01-tour.ipynb', join(folder, 'tour.ipynb'));
      await page.goto(url('tour.ipynb'));
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
      assert.deepEqual(homeFiles(), []);
      // One line says what one thing is; a page of code, or a traceback, says that something is wrong.
      const lines = said().split('\n');
      assert.deepEqual(
        lines.filter(line => line.length > 1000 || /^\S*Error\b|^ {4}at |Fail to/.test(line)),
        [],
      );
      if (process.env.SCREENSHOT) {
        await figures.first().scrollIntoViewIfNeeded();
        await page.screenshot({ path: process.env.SCREENSHOT });
      }
    }),
  );
});

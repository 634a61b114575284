import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { pathToFileURL } from 'node:url';
import { writeReport } from '../../../../../notebooks/kernel/runner/html/write-report.js';
import { environment } from '../../../../../notebooks/kernel/runner/record/environment.js';
import { skipWithoutChromium, withPage } from '../../../../support/chromium.js';
import { plantedRun } from './planted.js';

test('by keyboard alone, the search leaves the cells with all its words, and gives them all back; colours turn', {
  skip: skipWithoutChromium(),
}, async () => {
  const output = await mkdtemp(join(tmpdir(), 'search-'));
  const home = resolve('.');
  try {
    const report = { runs: [plantedRun], environment: environment(home, {}), earlier: [], output, home };
    const { file } = await writeReport(report);
    await withPage(async page => {
      await page.goto(pathToFileURL(file).href);
      const shown = () => page.locator('article > section:visible').count();
      const all = await shown();
      await page.keyboard.press('/');
      await page.keyboard.type('FAIL failing');
      assert.equal(await shown(), 1);
      assert.match(await page.locator('#found').innerText(), /^1 of \d+ cells$/);
      await page.keyboard.press('Escape');
      assert.equal(await shown(), all);
      const paper = () => page.evaluate('getComputedStyle(document.body).backgroundColor');
      const before = await paper();
      await page.locator('#other-colours').focus();
      await page.keyboard.press('Space');
      assert.notEqual(await paper(), before);
    });
  } finally {
    await rm(output, { recursive: true });
  }
});

import assert from 'node:assert/strict';
import { copyFileSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Page } from 'playwright-core';
import { withPage } from '../../support/chromium.js';
import { skipWithoutLab, withLab } from '../../support/lab.js';

const names = readdirSync('notebooks').filter(name => name.endsWith('.ipynb'));

/** Pixels: how wide a figure is shown, how wide it is meant to be, and how much room there is. */
interface Shown {
  readonly picture: string;
  readonly width: number;
  readonly room: number;
}

/** Of the figures that are on the screen now. */
const SHOWN = `[...document.querySelectorAll('.jp-RenderedPlotly')].flatMap(node => {
  const picture = node.querySelector('img.plot-img');
  if (!picture?.complete || !picture.offsetWidth) return [];
  const room = node.closest('.jp-OutputArea-output').clientWidth;
  return [{ picture: picture.src.split(',')[1], width: picture.getBoundingClientRect().width, room }];
})`;

/** JupyterLab renders cells as they scroll into view. */
const figuresOf = async (page: Page, wanted: number): Promise<Shown[]> => {
  const found = new Map<string, Shown>();
  for (let step = 0; step < 400 && found.size < wanted; step++) {
    for (const each of (await page.evaluate(SHOWN)) as Shown[]) found.set(each.picture, each);
    await page.evaluate(`document.querySelector('.jp-WindowedPanel-outer').scrollTop += 300`);
    await page.waitForTimeout(50);
  }
  return [...found.values()];
};

/** Width of each figure's picture, as the file says. */
const widths = (text: string): Map<string, number> => {
  const { cells } = JSON.parse(text) as {
    cells: { outputs?: { data?: Record<string, unknown>; metadata?: object }[] }[];
  };
  const outputs = cells
    .flatMap(({ outputs = [] }) => outputs)
    .filter(({ data }) => data?.['application/vnd.plotly.v1+json']);
  return new Map(
    outputs.map(({ data, metadata }) => {
      const { width } = (metadata as Record<string, { width: number }>)['image/png']!;
      return [String(data?.['image/png']), width];
    }),
  );
};

/** The file once JupyterLab has saved it, whole. */
const saved = async (page: Page, file: string): Promise<string> => {
  const before = statSync(file).mtimeMs;
  await page.getByRole('menuitem', { name: 'File', exact: true }).click();
  await page.getByRole('menuitem', { name: /^Save Notebook\b(?! As)/ }).click();
  for (let attempt = 0; attempt < 200; attempt++) {
    await page.waitForTimeout(100);
    const text = readFileSync(file, 'utf8');
    if (statSync(file).mtimeMs > before && text.endsWith('\n}\n')) return text;
  }
  throw new Error(`${file} was not saved`);
};

test('JupyterLab shows the figures of a fresh notebook at their size, and saves it as it was', {
  skip: skipWithoutLab(),
  timeout: 300_000,
}, async t => {
  await withLab(({ folder, url }) =>
    withPage(async page => {
      for (const name of names) {
        await t.test(name, async () => {
          const copy = join(folder, name);
          copyFileSync(join('notebooks', name), copy);
          const before = readFileSync(copy, 'utf8');
          await page.goto(url(name));
          await page.locator('.jp-Notebook').first().waitFor({ timeout: 60_000 });
          await page.locator('.jp-NotebookPanel-toolbar [data-status="idle"]').first().waitFor({ timeout: 60_000 });

          const meant = widths(before);
          const shown = await figuresOf(page, meant.size);
          assert.equal(shown.length, meant.size);
          for (const { picture, width, room } of shown) {
            assert.equal(width, meant.get(picture));
            assert.ok(width <= room, `${width} pixels in an output of ${room}`);
          }

          const after = await saved(page, copy);
          const changed = after.split('\n').filter((line, i) => line !== before.split('\n')[i]);
          assert.equal(after === before, true, `changed: ${changed.slice(0, 5).join('\n').slice(0, 500)}`);
        });
      }
    }),
  );
});

import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { JSDOM } from 'jsdom';
import { frameHeight } from '../../../../../notebooks/kernel/runner/html/frame.js';
import { writeReport } from '../../../../../notebooks/kernel/runner/html/write-report.js';
import { environment } from '../../../../../notebooks/kernel/runner/record/environment.js';
import { skipWithoutChromium, withPage } from '../../../../support/chromium.js';
import { HOSTILE, plantedRun, UNFINISHED } from './planted.js';

describe('what is planted in a notebook', () => {
  let output = '';
  let html = '';
  let document: Document;
  before(async () => {
    output = await mkdtemp(join(tmpdir(), 'report-'));
    const home = resolve('.');
    const { file } = await writeReport({
      runs: [plantedRun],
      environment: environment(home, {}),
      earlier: [],
      output,
      home,
    });
    html = await readFile(file, 'utf8');
    ({ document } = new JSDOM(html).window);
  });
  after(() => rm(output, { recursive: true }));

  test('hides no cell: the failing one and its reason are there', () => {
    const count = plantedRun.notebook.cells.length;
    assert.equal(document.querySelectorAll('article > section.cell').length, count);
    const last = document.getElementById(`01-planted-cell-${count}`)!;
    assert.match(last.textContent!, /fail\(\);[\s\S]*Error: <script>[\s\S]*Error: no/);
    assert.match(document.querySelector('.lead')!.textContent!, /did not pass/);
  });

  test("runs nowhere in the page: its scripts are the report's, and nothing has a handler", () => {
    const { window } = new JSDOM(html, { runScripts: 'dangerously', pretendToBeVisual: true });
    const { document } = window;
    assert.equal(window.planted, undefined);
    const scripts = [...document.scripts].filter(({ type }) => type === '' || type === 'module');
    assert.equal(scripts.length, 1);
    for (const element of document.querySelectorAll('*')) {
      for (const { name, value } of element.attributes) {
        assert.ok(!name.startsWith('on'), `${element.outerHTML.slice(0, 200)}`);
        if (name === 'href' || name === 'src') assert.doesNotMatch(value, /^\s*javascript:/i);
      }
    }
    assert.equal(document.querySelectorAll('base, object, embed, form, link, article style, article meta').length, 0);
  });

  test('sits in frames whose sandbox allows nothing and whose policy loads nothing', () => {
    const frames = [...document.querySelectorAll('iframe')];
    assert.equal(frames.length, Object.keys(HOSTILE).length + UNFINISHED.length);
    for (const frame of frames) {
      assert.equal(frame.getAttribute('sandbox'), '');
      const inner = new JSDOM(frame.getAttribute('srcdoc')!).window.document;
      const policy = inner.querySelector('head > meta[http-equiv="Content-Security-Policy"]')!.getAttribute('content')!;
      assert.match(policy, /^default-src 'none';/);
      assert.doesNotMatch(policy, /script-src|https?:|\*/);
    }
  });

  test("is asked for from nowhere: the page's policy names no address", () => {
    const metas = [...document.querySelectorAll('meta[http-equiv]')];
    assert.equal(metas.length, 1);
    const policy = metas[0]!.getAttribute('content')!;
    assert.match(policy, /default-src 'none'; script-src 'sha256-\S+' 'strict-dynamic';/);
    assert.doesNotMatch(policy, /https?:|\*|unsafe-eval/);
    for (const image of document.querySelectorAll('img')) assert.match(image.getAttribute('src')!, /^data:image\//);
  });

  test('a browser runs nothing of it, asks for nothing, stays, and draws the figures', {
    skip: skipWithoutChromium(),
  }, async () => {
    await withPage(async (page, context) => {
      const asked: string[] = [];
      await context.route(/^https?:/, route => {
        asked.push(route.request().url());
        return route.abort();
      });
      const address = pathToFileURL(join(output, 'index.html')).href;
      await page.goto(address);
      await page.locator('figure.plot').last().scrollIntoViewIfNeeded();
      await page.locator('figure.plot .main-svg').first().waitFor({ timeout: 30_000 });
      await page.locator('section.failed').scrollIntoViewIfNeeded();
      await sleep(1000);
      assert.equal(await page.evaluate('window.planted'), undefined);
      assert.deepEqual(asked, []);
      assert.equal(page.url(), address);
      assert.ok(await page.locator('section.failed').isVisible());
      assert.ok(await page.locator('iframe').first().contentFrame().locator('body').count());
    });
  });
});

test('a frame is as high as what it holds, within bounds', () => {
  const table = (rows: number) => `<table>${'<tr><td>1</td></tr>'.repeat(rows)}</table>`;
  assert.ok(frameHeight('<b>one</b>') < 60);
  assert.ok(frameHeight(table(10)) > 200 && frameHeight(table(10)) < 320);
  assert.equal(frameHeight(table(1000)), 480);
  assert.ok(frameHeight('<svg width="300" height="200"></svg>') >= 200);
});

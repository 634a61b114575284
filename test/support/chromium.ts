import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { slow } from './slow.js';

const names = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** An installed Chromium: the environment variable CHROMIUM, or the first on the PATH. */
export const findChromium = (): string | undefined =>
  process.env.CHROMIUM ??
  (process.env.PATH ?? '')
    .split(delimiter)
    .flatMap(folder => names.map(name => join(folder, name)))
    .find(path => existsSync(path));

/** What a test says of itself when there is no browser, or no time for one. */
export const skipWithoutChromium = (): string | false =>
  slow('starts a browser') || (findChromium() === undefined && 'no Chromium was found (CHROMIUM=path names one)');

const quiet = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** Runs with a page of a fresh headless Chromium that is gone afterwards. */
export async function withPage<R>(run: (page: Page, context: BrowserContext) => Promise<R>): Promise<R> {
  const profile = mkdtempSync(join(tmpdir(), 'chromium-'));
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: findChromium() ?? '',
    headless: true,
    args: quiet,
    viewport: { width: 1400, height: 1000 },
  });
  try {
    return await run(await context.newPage(), context);
  } finally {
    await context.close();
    rmSync(profile, { recursive: true, force: true });
  }
}

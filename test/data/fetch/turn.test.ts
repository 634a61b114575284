import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { fetchFile } from '../../../data/fetch/file.js';
import { fromOf, sendRange, serve } from './server.js';

const content = Uint8Array.from({ length: 200_000 }, (_, i) => (i * 31 + (i >> 8)) & 255);
const file = { bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'turn-'));
  path = join(folder, 'file.bin');
});
afterEach(() => rmSync(folder, { recursive: true }));

const module = new URL('../../../data/fetch/file.ts', import.meta.url).href;

/** Another process that fetches the file. */
const other = (url: string): ChildProcess => {
  const program = `import { fetchFile } from '${module}';
    await fetchFile(${JSON.stringify({ ...file, url })}, ${JSON.stringify(path)});`;
  return spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], { stdio: 'inherit' });
};

test('of many who want a file, in this process and in others, one fetches it and all get it', async t => {
  const server = await serve(
    t,
    (request, response) => void setTimeout(() => sendRange(request, response, content), 300),
  );
  const children = [other(server.url), other(server.url)].map(child => once(child, 'exit'));
  await Promise.all([1, 2, 3].map(() => fetchFile({ ...file, url: server.url }, path)));
  for (const exit of children) assert.deepEqual(await exit, [0, null]);
  assert.ok(readFileSync(path).equals(content));
  assert.deepEqual(readdirSync(folder), ['file.bin']);
  assert.deepEqual(server.asked, ['']);
});

test('who is killed while fetching leaves the turn to the next one, who goes on', async t => {
  const waiting: (() => void)[] = [];
  const server = await serve(t, (request, response) => {
    if (fromOf(request) > 0) return sendRange(request, response, content);
    response.writeHead(200, { 'content-length': content.length });
    response.write(content.subarray(0, 50_000));
    for (const go of waiting.splice(0)) go();
  });
  const asked = new Promise<void>(resolve => waiting.push(resolve));
  const child = other(server.url);
  await asked;
  while (!readdirSync(folder).includes('file.bin.part') || readFileSync(`${path}.part`).length < 50_000) {
    await new Promise(resolve => setTimeout(resolve, 10));
  }
  child.kill('SIGKILL');
  await once(child, 'exit');
  await fetchFile({ ...file, url: server.url }, path);
  assert.ok(readFileSync(path).equals(content));
  assert.deepEqual(readdirSync(folder), ['file.bin']);
  assert.deepEqual(server.asked, ['', 'bytes=50000-']);
});

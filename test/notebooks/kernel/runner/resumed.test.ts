import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { philox } from '../../../../lib/rng/rng.js';
import { codeNotebook } from '../../../support/notebook.js';
import { slow } from '../../../support/slow.js';
import { LAUNCHER } from '../client.js';

const NAMES = ['a', 'b', 'c'];
const KILLS = 6;

describe('a run with --changed that is killed (-9) at any moment', {
  skip: process.platform === 'win32' || slow('kills many runs'),
  timeout: 600_000,
}, () => {
  let project = '';
  let outside = '';
  before(() => {
    project = mkdtempSync(join(tmpdir(), 'resumed-'));
    outside = mkdtempSync(join(tmpdir(), 'resumed-ran-'));
    writeFileSync(join(project, 'package.json'), '{}');
    for (const name of NAMES) {
      const ran = `import { appendFileSync } from 'node:fs';\nappendFileSync(\`\${process.env.RAN}/${name}\`, 'x');`;
      const ends = `await new Promise(done => setTimeout(done, 200)); console.log('${name} ends')`;
      writeFileSync(join(project, `${name}.ipynb`), codeNotebook([ran, "'x'.repeat(200_000)", ends]));
    }
  });
  after(() => {
    for (const folder of [project, outside]) rmSync(folder, { recursive: true });
  });

  const output = () => join(project, 'report');
  const written = () => (existsSync(output()) ? readdirSync(output()) : []).filter(name => !name.endsWith('.partial'));
  const ran = (name: string): number => {
    const file = join(outside, name);
    return existsSync(file) ? readFileSync(file, 'utf8').length : 0;
  };
  /** The notebooks that need not run again. */
  const finished = (): string[] => {
    const folder = join(project, '.cache/runs');
    const records = existsSync(folder) ? readdirSync(folder).filter(name => name.endsWith('.json')) : [];
    return records.map(name => basename(JSON.parse(readFileSync(join(folder, name), 'utf8')).file, '.ipynb'));
  };

  /** @param later milliseconds after so many lines of progress at which it is killed */
  const run = async (lines = Number.POSITIVE_INFINITY, later = 0): Promise<number | null> => {
    const args = ['run', '--changed', '-o', output(), ...NAMES.map(name => join(project, `${name}.ipynb`))];
    const child = spawn(process.execPath, [LAUNCHER, ...args], {
      env: { ...process.env, RAN: outside, CI: '1' },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let said = '';
    if (lines === 0) setTimeout(() => child.kill('SIGKILL'), later);
    child.stdout.on('data', text => {
      const before = said.split('\n').length - 1;
      said += text;
      if (before < lines && said.split('\n').length > lines) setTimeout(() => child.kill('SIGKILL'), later);
    });
    const [code] = (await once(child, 'close')) as [number | null];
    return code;
  };

  test('goes on with the first notebook that it had not finished; what is there is always whole', async () => {
    const rng = philox(15);
    let killed = 0;
    let last: number | null = null;
    for (let attempt = 0; attempt < KILLS || last !== 0; attempt++) {
      const [where, later] = rng.uniforms(2);
      const done = finished();
      const times = done.map(ran);
      const kills = attempt < KILLS;
      last = await (kills ? run(Math.floor(6 * where!), 400 * later!) : run());
      killed += Number(last === null);
      assert.deepEqual(done.map(ran), times, `${done} had finished`);
      for (const name of written().filter(each => /\.(?:ipynb|json)$/.test(each))) {
        JSON.parse(readFileSync(join(output(), name), 'utf8'));
      }
      assert.ok(attempt < KILLS + 2, `the last run ended with ${last}`);
    }
    assert.ok(killed > 2, `${killed} runs were killed`);
    assert.deepEqual(finished().sort(), NAMES);
    for (const name of NAMES)
      assert.match(readFileSync(join(output(), `${name}.ipynb`), 'utf8'), new RegExp(`${name} ends`));
    assert.deepEqual(written().sort(), [
      'a.ipynb',
      'b.ipynb',
      'c.ipynb',
      'history.jsonl',
      'index.html',
      'results.json',
    ]);
  });

  test('is not put off by what was half written', async () => {
    const times = NAMES.map(ran);
    for (const place of [output(), project]) writeFileSync(join(place, 'a.ipynb.4242.partial'), '{ "cells": [');
    mkdirSync(output(), { recursive: true });
    assert.equal(await run(), 0);
    assert.deepEqual(NAMES.map(ran), times);
  });
});

import { deepEqual, equal, match, ok, throws } from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { after, test } from 'node:test';
import * as tf from '@tensorflow/tfjs-core';
import { nativeBackend } from '../../../../notebooks/backend/graph/binding.js';
import { deviceOf } from '../../../../notebooks/backend/graph/device.js';
import { compile } from '../../../../notebooks/backend/graph/index.js';
import { addonPath } from '../../../../notebooks/backend/pjrt/addon.js';
import { acceleratorNamed, startAccelerator } from '../../../../notebooks/backend/pjrt/choose.js';
import { folderOf } from '../../../support/files.js';
import { skip as unavailable } from '../graph/native.js';

const skip = unavailable || (!existsSync(addonPath('.')) && 'the add-on for PJRT is not compiled here');
const folder = folderOf({}).folder;

/** A library of faulty-plugin.cc. */
const faulty = (fault: number): string => {
  const path = join(folder, `fault-${fault}.so`);
  const python = readdirSync('.venv/lib').find(name => name.startsWith('python'))!;
  const headers = `.venv/lib/${python}/site-packages/tensorflow/include`;
  const source = 'test/notebooks/backend/pjrt/faulty-plugin.cc';
  execFileSync('g++', ['-shared', '-fPIC', '-std=c++17', `-DFAULT=${fault}`, '-I', headers, source, '-o', path]);
  return path;
};

const plugins: [string, () => string, RegExp][] = [
  ['at a wrong path', () => '/nowhere/plugin.so', /^\/nowhere\/plugin\.so: cannot open shared object file/],
  ['that is no plugin', () => resolve('.build/stderr.node'), /stderr\.node is no PJRT plugin: .*GetPjrtApi$/],
  ['of an old interface', () => faulty(1), /fault-1\.so speaks PJRT 0\.3, and 0\.54 or later of 0 is needed$/],
  ['that refuses its device', () => faulty(2), /^no device answers$/],
  ['with a missing symbol', () => faulty(3), /undefined symbol: of_another_library$/],
];

after(() => {
  delete process.env.PJRT_LIBRARY_PATH;
});

for (const [name, make, sentence] of plugins) {
  test(`a plugin ${name} is refused in one sentence, and TensorFlow runs what is compiled`, { skip }, () => {
    const backend = nativeBackend()!;
    process.env.PJRT_LIBRARY_PATH = make();
    const started = startAccelerator(backend, 'cpu');
    ok(started && 'refused' in started);
    match(started.refused, sentence);
    equal(deviceOf(backend), undefined);
    const twice = compile((x: tf.Tensor) => tf.mul(x, 2), { xla: false });
    for (let i = 0; i < 3; i++) deepEqual(Array.from(twice(tf.tensor1d([i, 1])).dataSync()), [2 * i, 2]);
    equal(twice.specialisations()[0]?.mode, 'graph');
    twice.dispose();
  });
}

test('an accelerator that nobody knows is refused with the list of those there are', () => {
  throws(() => acceleratorNamed('gpu'), /ACCELERATOR=gpu is not known; choose one of cuda13, .*, cpu, none/);
  equal(acceleratorNamed(''), undefined);
  equal(acceleratorNamed('none'), undefined);
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { refuseForeign } from '../../../../notebooks/kernel/runner/foreign.js';

const refuse = (metadata: Record<string, unknown>) =>
  refuseForeign({ file: 'n.ipynb', json: '', notebook: { cells: [], metadata } });

test('a notebook of another language is refused, with its kernel and the ways out', () => {
  const python = { kernelspec: { name: 'python3', display_name: 'Python 3', language: 'python' } };
  assert.throws(() => refuse(python), /n\.ipynb is a notebook in python \(kernel Python 3\).*TypeScript.*--kernel/);
  assert.throws(() => refuse({ kernelspec: { name: 'python3', display_name: 'Python 3' } }), /in python/);
  assert.throws(() => refuse({ language_info: { name: 'R' } }), /in R, and/);
});

test('TypeScript, JavaScript, and what does not say are run; the kernel says more than what an editor left', () => {
  const left = { language_info: { name: 'python' } };
  refuse({});
  refuse({ kernelspec: { name: 'tsnb', display_name: 'TypeScript (tsnb)', language: 'typescript' }, ...left });
  refuse({ kernelspec: { name: 'jslab', display_name: 'JavaScript' }, language_info: { name: 'javascript' } });
});

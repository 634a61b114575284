import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { isCode } from '../../../notebooks/kernel/runner/record/nbformat.js';
import { EQUATION_MIME } from '../../../notebooks/proof/check.js';
import type { Equation } from '../../../notebooks/proof/symbolic.js';
import { allNotebooks } from '../../../notebooks/setup/claims.js';
import { venvPython } from '../../../notebooks/setup/python.js';

const prover = fileURLToPath(new URL('prove.py', import.meta.url));
const python = [venvPython(process.cwd()), 'python3'].find(
  name => spawnSync(name, ['-c', 'import sympy']).status === 0,
);
const skip = python === undefined && 'no Python with sympy: make test installs it where Python is there';

const unproved = (equations: readonly Equation[]): Equation[] => {
  const { status, stdout, stderr } = spawnSync(python!, [prover], {
    input: JSON.stringify(equations),
    encoding: 'utf8',
  });
  assert.equal(status, 0, stderr);
  return JSON.parse(stdout) as Equation[];
};

test('SymPy proves every equation that the committed notebooks prove', { skip }, () => {
  const equations = allNotebooks().flatMap(({ notebook }) =>
    notebook.cells
      .flatMap(cell => (isCode(cell) ? cell.outputs : []))
      .flatMap(output =>
        'data' in output && EQUATION_MIME in output.data ? [output.data[EQUATION_MIME] as Equation] : [],
      ),
  );
  assert.ok(equations.length >= 40, `${equations.length} equations`);
  assert.deepEqual(unproved(equations), []);
});

test('and finds what is wrong', { skip }, () => {
  const wrong = { left: 'd(p(x)^2,x)', right: 'p(x)*d(p(x),x)', definitions: {} };
  assert.deepEqual(unproved([wrong, { ...wrong, right: '2*p(x)*d(p(x),x)' }]), [wrong]);
});

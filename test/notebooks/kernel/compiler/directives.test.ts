import assert from 'node:assert/strict';
import { after, describe, it } from 'node:test';
import { createCompiler } from '../../../../notebooks/kernel/compiler/compiler.js';
import { findProject } from '../../../../notebooks/kernel/project/project.js';

describe('a comment before an import that says that its errors do not count', () => {
  const compiler = createCompiler(findProject(process.cwd()));
  after(() => compiler.close());
  const errors = (code: string) => {
    const checked = compiler.check(code);
    return checked.ok ? [] : checked.errors.map(({ line, message }) => `${line}: ${message.slice(0, 6)}`);
  };

  it('is heeded: @ts-ignore, and @ts-expect-error where there is an error', () => {
    assert.deepEqual(errors('import { none } from "node:path"'), ['1: TS2305']);
    assert.deepEqual(errors('// @ts-ignore\nimport { none } from "node:path";\nnone.anything'), []);
    assert.deepEqual(errors('1;\n/* @ts-ignore: later */\n\nimport gone from "no-such-package";\ngone()'), []);
    assert.deepEqual(errors('// @ts-expect-error it is missing\nimport * as gone from "no-such-package";'), []);
    assert.deepEqual(errors('// @ts-expect-error\nimport { sep, none } from "node:path"; sep.length'), []);
    assert.deepEqual(errors('none(gone)'), []);
  });

  it('counts for that import alone, and changes no types', () => {
    const two = '// @ts-ignore\nimport { none } from "node:path";\nimport { other } from "node:path";';
    assert.deepEqual(errors(two), ['3: TS2305']);
    assert.deepEqual(errors('import { none } from "node:path"'), ['1: TS2305']);
    assert.deepEqual(errors('// @ts-ignore\nimport { sep } from "node:path";\nsep.none'), ['3: TS2339']);
    assert.deepEqual(errors('// @ts-ignored\nimport { none } from "node:path"'), ['2: TS2305']);
  });

  it('is an error where it expects one and there is none', () => {
    assert.deepEqual(errors('// @ts-expect-error\nimport { sep, join } from "node:path";'), ['2: TS2578']);
    assert.deepEqual(errors('import { sep, join } from "node:path"; join(sep)'), []);
  });
});

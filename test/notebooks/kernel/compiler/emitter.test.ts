import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { createEmitter } from '../../../../notebooks/kernel/compiler/emitter.js';
import { NO_OPTIONS } from '../../../../notebooks/kernel/project/project-options.js';

describe('the script of a cell', () => {
  it('is the same for the same text, until a cell that ran has hidden a global', () => {
    const { emit, commit } = createEmitter(async () => undefined);
    const before = emit('process.pid');
    assert.equal(emit('process.pid'), before);
    const hiding = emit('const process = { pid: 1 };');
    assert.deepEqual(hiding?.names, ['process$cell']);
    assert.equal(emit('process.pid'), before, 'a cell that has not run hides nothing');
    commit('const process = { pid: 1 };');
    const after = emit('process.pid');
    assert.match(String(before?.js), /process\.pid/);
    assert.match(String(after?.js), /process\$cell\.pid/);
    assert.equal(emit('process.pid'), after);
  });

  it('waits for word of which decorators the project has', async () => {
    const { emit } = createEmitter(async () => undefined);
    const cell = 'class A { @deco m(): void {} }';
    assert.equal(emit(cell), undefined);
    const [standard, experimental] = await Promise.all(
      [false, true].map(async experimentalDecorators => {
        const { emitChecked } = createEmitter(async () => undefined);
        return (await emitChecked(cell, { ...NO_OPTIONS, experimentalDecorators })).js;
      }),
    );
    assert.match(String(experimental), /__decorateClass\(\[\s*deco/);
    assert.doesNotMatch(String(standard), /__decorateClass\(/);
  });

  it('is no script where the text is none', () => {
    const { emit } = createEmitter(async () => undefined);
    assert.throws(() => emit('const = 5'), SyntaxError);
    assert.ok(emit('const five: number = 5'));
  });
});

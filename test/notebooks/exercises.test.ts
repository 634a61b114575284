import assert from 'node:assert/strict';
import { test } from 'node:test';
import { allNotebooks } from '../../notebooks/setup/claims.js';
import { answers } from '../support/answers.js';
import { exercisesOf } from '../support/exercises.js';

test('notebooks have two or three exercises, which are open, and test/slow knows an answer to each', () => {
  for (const { file, notebook } of allNotebooks()) {
    const name = file.replace('.ipynb', '');
    const count = exercisesOf(notebook).length;
    assert.ok(count === 2 || count === 3, `${name} has ${count}`);
    assert.equal(answers[name]?.length, count, `${name}: answers for ${count} exercises`);
  }
});

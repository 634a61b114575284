import assert from 'node:assert/strict';
import { test } from 'node:test';
import { errorLine } from '../../../../notebooks/kernel/runner/place.js';

const SOURCE = 'a\nb\nc\nd';
const line = (ran: number, ...traceback: string[]) =>
  errorLine({ output_type: 'error', ename: 'E', evalue: 'e', traceback }, SOURCE, ran);

test('the line is that of the cell that ran, though another cell holds the place of the throw', () => {
  const traceback = ['Error: x', '    at f (cell [2]:4:1)', '    at cell [7]:3:11'];
  assert.equal(line(7, ...traceback), 3);
  assert.equal(line(2, ...traceback), 4);
  assert.equal(line(5, ...traceback), undefined);
});

test('forms of other kernels, coloured or not', () => {
  assert.equal(line(1, '\u001b[36mCell\u001b[39m In[3], line 2', '---> 2 raise'), 2);
  assert.equal(line(1, '(4,7): error TS2322'), 4);
});

test('a line outside the source is none', () => {
  assert.equal(line(1, 'at file.ts, line 99'), undefined);
  assert.equal(line(3, 'at cell [3]:99:1'), undefined);
});

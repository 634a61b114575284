import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parse, print, substitute } from '../../../notebooks/proof/formula.js';

test('signs bind as in Algebrite: powers to the right, then the minus of a term, products, sums', () => {
  const read = (text: string) => print(parse(text));
  assert.equal(read('a-b-c'), '((a-b)-c)');
  assert.equal(read('a/b*c'), '((a/b)*c)');
  assert.equal(read('a^b^c'), '(a^(b^c))');
  assert.equal(read('-x^2/(2*v)'), '((-(x^2))/(2*v))');
  assert.equal(read('2*d(p(x), x)'), '(2*d(p(x),x))');
  assert.equal(read('a^-2'), '(a^(-2))');
});

test('a name is substituted where it stands, in arguments too, and not within other names', () => {
  assert.equal(print(substitute(parse('x*xx+p(x)'), 'x', parse('a+1'))), '(((a+1)*xx)+p((a+1)))');
});

test('what cannot be read is refused with the place', () => {
  assert.throws(() => parse('(a'), /\) is expected/);
  assert.throws(() => parse('a)'), /cannot be read at “\)”/);
  assert.throws(() => parse('a+'), /cannot be read at “its end”/);
});

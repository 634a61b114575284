import assert from 'node:assert/strict';
import { test } from 'node:test';
import { byNerdamer } from '../../../notebooks/proof/nerdamer.js';

const gap = (left: string, right: string, definitions: Record<string, string> = {}): string =>
  byNerdamer({ left, right, definitions }, '0');

test('unknown functions are differentiated by the chain rule, as often as asked', () => {
  assert.equal(gap('d(p(x)^2,x,x)', '2*d(p(x),x)^2+2*p(x)*d(p(x),x,x)'), '0');
  assert.equal(gap('d(q(x,y)*x,x,y)', 'd(q(x,y),y)+x*d(q(x,y),x,y)'), '0');
  assert.notEqual(gap('d(p(x)^2,x)', 'p(x)*d(p(x),x)'), '0');
});

test('subst and taylor are those of Algebrite', () => {
  assert.equal(gap('subst(0,t,d(exp(a*t),t))', 'a'), '0');
  assert.equal(gap('taylor(exp(h),h,2,0)', '1+h+h^2/2'), '0');
  assert.notEqual(gap('taylor(exp(h),h,2,0)', '1+h+h^2'), '0');
});

test('definitions are read in their order, and exponents that are alike are seen to be', () => {
  assert.equal(gap('d(y,t)', 'b*y', { b: '2*c', y: 'exp(b*t)' }), '0');
  assert.equal(gap('exp(k*(u-s))*exp(k*(t-u))', 'exp(k*(t-s))'), '0');
});

test('a derivative by a name that stands for something else is refused: it would be 0', () => {
  assert.throws(() => gap('d(y^2,y)', '0', { y: '1/v' }), /y is defined/);
});

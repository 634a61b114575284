import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import fc from 'fast-check';
import { JSDOM } from 'jsdom';
import { ansiHtml } from '../../../../../notebooks/kernel/runner/html/ansi.js';
import { escapeHtml, scriptJson } from '../../../../../notebooks/kernel/runner/html/escape.js';
import { TOKENS } from '../../../../../notebooks/kernel/runner/html/highlight.js';

const script = readFileSync('notebooks/kernel/runner/html/browser.mjs', 'utf8');
const parts = `<input id="search"><p id="found"></p><script type="application/json" id="tokens">${scriptJson(TOKENS)}</script>`;

/** Source as the page's script shows it. */
const coloured = (source: string): Element => {
  const html = `${parts}<pre><code>x${escapeHtml(source)}</code></pre>`;
  const { window } = new JSDOM(html, { runScripts: 'outside-only' });
  window.eval(script);
  return window.document.querySelector('code')!;
};

/** [class, text] of each coloured token. */
const tokens = (source: string): [string, string][] =>
  [...coloured(` ${source}`).querySelectorAll('span')].map(s => [s.className.slice(2), s.textContent ?? '']);

test('tokens of TypeScript are told apart', () => {
  assert.deepEqual(tokens("const a: Float32Array = f(1e-3, 'it\\'s', `t`); // done"), [
    ['keyword', 'const'],
    ['type', 'Float32Array'],
    ['call', 'f'],
    ['number', '1e-3'],
    ['string', "'it\\'s'"],
    ['string', '`t`'],
    ['comment', '// done'],
  ]);
});

test('a keyword inside a name, a comment or a string is none', () => {
  assert.deepEqual(tokens('newValue.format // const'), [['comment', '// const']]);
  assert.deepEqual(tokens('"// no comment"'), [['string', '"// no comment"']]);
});

test('a lower-case name is no type and an upper-case one no keyword', () => {
  assert.deepEqual(tokens('sigma'), []);
  assert.deepEqual(tokens('New'), [['type', 'New']]);
});

test('whatever the source, the text shown is the source', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme' }), source => {
      const kept = source.replace(/[\r\0\ud800-\udfff\ufffe\uffff]/gu, ' ');
      assert.equal(coloured(kept).textContent, `x${kept}`);
    }),
    { numRuns: 30 },
  );
});

test('terminal colours become spans, other control sequences vanish, markup stays text', () => {
  const html = ansiHtml('\u001b[1;31mbad\u001b[0m <b>\u001b[2K \u001b[38;5;31mplain\u001b[0m');
  const element = new JSDOM(`<pre id="p">${html}</pre>`).window.document.getElementById('p')!;
  assert.equal(element.textContent, 'bad <b> plain');
  assert.deepEqual(
    [...element.querySelectorAll('span')].map(s => [s.className, s.textContent]),
    [['a-bold a-1', 'bad']],
  );
});

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { JSDOM } from 'jsdom';
import { markdownRenderer } from '../../../../../notebooks/kernel/runner/html/markdown.js';
import { typesetter } from '../../../../../notebooks/kernel/runner/html/tex.js';

const problems: string[] = [];
const render = markdownRenderer(typesetter(problem => problems.push(problem)));
const context = { prefix: 'nb', link: (to: string) => (to === '02-b.ipynb' ? '#02-b' : undefined) };
const page = (source: string) => new JSDOM(render(source, context).html).window.document;
const tex = (source: string) => [...page(source).querySelectorAll('annotation')].map(each => each.textContent);

test('mathematics in the line, and prices beside it', () => {
  assert.deepEqual(tex('from $a_1 < b$ to $\\sigma_t*x*$, for $5 or $6'), ['a_1 < b', '\\sigma_t*x*']);
  assert.deepEqual(tex('an escaped \\$x$ and `$y$` in code'), []);
});

test('displayed mathematics: dollars on lines of their own or not, and environments', () => {
  assert.deepEqual(tex('$$\nx\n$$'), ['\nx\n']);
  assert.deepEqual(tex('text\n$$x = 1$$\nmore'), ['x = 1']);
  assert.deepEqual(tex('\\begin{align}\na &= b \\\\\nc &= d\n\\end{align}')[0]?.split('\n')[0], '\\begin{align}');
  assert.equal(page('$$x$$').querySelectorAll('.katex-display').length, 1);
});

test('a display that never ends is text', () => {
  assert.deepEqual(tex('$$\nx = 1\n'), []);
});

test('TeX that cannot be set is shown as source and reported', () => {
  problems.length = 0;
  assert.equal(page('$\\frac{1}$').querySelector('.tex-error')?.textContent, '\\frac{1}');
  assert.equal(problems.length, 1);
});

test('headings have ids of their own notebook, and links between notebooks stay in the page', () => {
  const { html, headings } = render(
    '## The *reverse* SDE, $x_t$\n\n[next](02-b.ipynb) [out](https://example.org)',
    context,
  );
  assert.equal(headings[0]?.level, 2);
  const { document } = new JSDOM(html).window;
  assert.ok(document.getElementById(headings[0]!.id));
  assert.deepEqual(
    [...document.querySelectorAll('a')].map(a => a.getAttribute('href')),
    ['#02-b', 'https://example.org'],
  );
});

test('a pasted picture comes from the cell', () => {
  const attachments = { 'a b.png': { 'image/png': 'aGk=' } };
  const { html } = render('![plot](attachment:a%20b.png)', { ...context, attachments });
  assert.match(html, /src="data:image\/png;base64,aGk="/);
});

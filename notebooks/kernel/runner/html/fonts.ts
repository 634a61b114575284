import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const FACE = /@font-face\{[^}]*\}/g;

/** The families of fonts that rules ask for whose classes all are in the HTML. */
const familiesOf = (css: string, html: string): ReadonlySet<string> => {
  const present = new Set([...html.matchAll(/class="([^"]*)"/g)].flatMap(([, names]) => names!.split(' ')));
  const applies = (selector: string) => (selector.match(/\.[\w-]+/g) ?? []).every(name => present.has(name.slice(1)));
  const rules = [...css.replace(FACE, '').matchAll(/([^{}]+)\{([^}]*)\}/g)];
  const applied = rules.filter(([, selectors]) => selectors!.split(',').some(applies));
  return new Set(applied.flatMap(([, , body]) => body!.match(/KaTeX_\w+/g) ?? []));
};

/** KaTeX's style sheet with those of its fonts inside that this HTML shows; empty where it has no mathematics. */
export const katexCss = (home: string, html: string): string => {
  if (!html.includes('class="katex"')) return '';
  const folder = dirname(createRequire(join(home, 'package.json')).resolve('katex/dist/katex.min.css'));
  const css = readFileSync(join(folder, 'katex.min.css'), 'utf8');
  const families = familiesOf(css, html);
  return css.replace(FACE, face => {
    const file = /url\((fonts\/[^)]+\.woff2)\)/.exec(face)?.[1];
    const family = /KaTeX_\w+/.exec(face)?.[0];
    if (file === undefined || family === undefined || !families.has(family)) return '';
    const data = readFileSync(join(folder, file)).toString('base64');
    return face.replace(/src:[^;}]*/, `src:url(data:font/woff2;base64,${data}) format("woff2")`);
  });
};

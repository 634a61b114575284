import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** KaTeX's style sheet with its fonts inside; empty for a page without mathematics. */
export const katexCss = (home: string, html: string): string => {
  const folder = dirname(createRequire(join(home, 'package.json')).resolve('katex/dist/katex.min.css'));
  const css = readFileSync(join(folder, 'katex.min.css'), 'utf8');
  if (!html.includes('class="katex"')) return '';
  return css.replace(/@font-face\{[^}]*\}/g, face => {
    const file = /url\((fonts\/[^)]+\.woff2)\)/.exec(face)?.[1];
    if (file === undefined) return '';
    const data = readFileSync(join(folder, file)).toString('base64');
    return face.replace(/src:[^;}]*/, `src:url(data:font/woff2;base64,${data}) format("woff2")`);
  });
};

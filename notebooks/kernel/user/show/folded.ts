import type { Outline } from './outline.js';
import { escapeHtml } from './presenter.js';

/** So many entries of the value itself are seen at once; more of them, and all that is further in, are folded. */
const OPEN = 20;

/** HTML of a value whose parts can be folded; undefined where a text says all. */
export const folded = (whole: Outline): string | undefined => {
  if (whole.inside.length === 0) return undefined;
  return `<div style="font-family:monospace;white-space:pre-wrap">${html(whole, whole.inside.length <= OPEN)}</div>`;
};

const html = ({ key, text, inside, more }: Outline, open = false): string => {
  const label = `${key === '' ? '' : `${escapeHtml(key)}: `}${escapeHtml(text)}`;
  if (inside.length === 0) return `<div>${label}${more > 0 ? ' …' : ''}</div>`;
  const entries = inside.map(each => html(each)).join('');
  const rest = more > 0 ? `<div>… ${more} more</div>` : '';
  return `<details${open ? ' open' : ''}><summary>${label}</summary><div style="padding-left:1.5em">${entries}${rest}</div></details>`;
};

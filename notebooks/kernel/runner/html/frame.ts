import { escapeHtml } from './escape.js';

/** What a frame's document may do: show itself. Neither scripts nor anything from outside. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:; media-src data:";

const STYLE = `:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { margin: .2rem; } table { border-collapse: collapse; } th, td { padding: .2rem .6rem; text-align: right; }
img, svg { max-width: 100%; } pre, code { font: .83rem/1.5 ui-monospace, monospace; }`;

const LEAST_PX = 48;
const MOST_PX = 480;
const LINE_PX = 28;
const LINE_LETTERS = 100;

const count = (html: string, pattern: RegExp): number => html.match(pattern)?.length ?? 0;

/**
 * The height of a frame from what is in it, since nobody may look inside: by rows, blocks and text, or as much as a
 * picture asks for. Too much of it scrolls, and the reader can drag the frame larger.
 */
export const frameHeight = (html: string): number => {
  const rows = count(html, /<(?:tr|li|p|div|br|h[1-6]|summary|hr)\b/gi);
  const plain = html.replace(/<style\b[\s\S]*?<\/style\s*>|<[^>]*>/gi, '').replace(/\s+/g, ' ');
  const asked = [...html.matchAll(/\bheight\s*[=:]\s*["']?(\d{1,4})(?:px)?\s*["';\s/>]/gi)].map(([, px]) => Number(px));
  const lines = Math.max(rows, plain.length / LINE_LETTERS) + count(html, /<pre\b/gi);
  const text = LINE_PX * Math.ceil(lines) + 20;
  const breaks = /<pre\b/i.test(html) ? LINE_PX * count(html, /\n/g) : 0;
  return Math.min(MOST_PX, Math.max(LEAST_PX, text, breaks, ...asked.map(px => px + LINE_PX)));
};

/**
 * HTML that a cell made, in a document of its own: what is left open ends with it, and of what is active nothing
 * runs. The empty sandbox refuses scripts, forms, windows and every way to the page around.
 */
export const frameHtml = (html: string): string => {
  const head = `<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${POLICY}"><base target="_blank"><style>${STYLE}</style>`;
  const source = escapeHtml(`<!doctype html>${head}${html}`);
  return `<iframe class="html" title="HTML output" sandbox="" referrerpolicy="no-referrer" height="${frameHeight(html)}" srcdoc="${source}"></iframe>`;
};

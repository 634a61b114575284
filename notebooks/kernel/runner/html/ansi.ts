import { escapeHtml } from './escape.js';

interface Look {
  readonly bold: boolean;
  /** 0 to 15, as terminals count their colours. */
  readonly colour?: number | undefined;
}

const PLAIN: Look = { bold: false };

const step = (look: Look, code: number): Look => {
  if (code === 0) return PLAIN;
  if (code === 1) return { ...look, bold: true };
  if (code === 22) return { ...look, bold: false };
  if (code === 39) return { ...look, colour: undefined };
  if (code >= 30 && code <= 37) return { ...look, colour: code - 30 };
  if (code >= 90 && code <= 97) return { ...look, colour: code - 82 };
  return look;
};

const span = (text: string, { bold, colour }: Look): string => {
  if (text === '') return '';
  const classes = [...(bold ? ['a-bold'] : []), ...(colour === undefined ? [] : [`a-${colour}`])];
  return classes.length === 0 ? escapeHtml(text) : `<span class="${classes.join(' ')}">${escapeHtml(text)}</span>`;
};

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with this one
const SEQUENCE = /\u001b\[([\d;]*)([A-Za-z])/g;

/** Colours beyond the sixteen come as 38;5;n or 38;2;r;g;b, whose numbers must not be read as codes of their own. */
const codes = (text: string): number[] =>
  (text.replace(/[34]8;(?:5;\d+|2;\d+;\d+;\d+)/g, '39') || '0').split(';').map(Number);

/** Terminal text as HTML: colours and bold are kept, other control sequences dropped. */
export const ansiHtml = (text: string): string => {
  let look = PLAIN;
  let html = '';
  let end = 0;
  for (const match of text.matchAll(SEQUENCE)) {
    html += span(text.slice(end, match.index), look);
    end = (match.index ?? 0) + match[0].length;
    if (match[2] === 'm') look = codes(match[1]!).reduce(step, look);
  }
  return html + span(text.slice(end), look);
};

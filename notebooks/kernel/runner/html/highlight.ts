import { escapeHtml } from './escape.js';

/** Token classes of TypeScript, in the order in which they are tried. */
const TOKENS: readonly (readonly [className: string, pattern: string])[] = [
  ['comment', String.raw`\/\/[^\n]*|\/\*[\s\S]*?\*\/`],
  ['string', String.raw`'(?:\\.|[^'\\\n])*'|"(?:\\.|[^"\\\n])*"|\x60(?:\\.|[^\x60\\])*\x60`],
  ['number', String.raw`\b(?:0[xob][\da-fA-F_]+|\d[\d_]*(?:\.[\d_]+)?(?:[eE][-+]?\d+)?)n?\b`],
  [
    'keyword',
    String.raw`\b(?:abstract|as|asserts|async|await|break|case|catch|class|const|continue|declare|default|delete|do|else|enum|export|extends|finally|for|from|function|get|if|implements|import|in|infer|instanceof|interface|is|keyof|let|namespace|new|of|out|private|protected|public|readonly|return|satisfies|set|static|super|switch|this|throw|try|type|typeof|unique|using|var|void|while|yield)\b`,
  ],
  ['literal', String.raw`\b(?:true|false|null|undefined|NaN|Infinity)\b`],
  ['type', String.raw`\b(?:string|number|boolean|unknown|never|object|bigint|symbol|[A-Z]\w*)\b`],
  ['call', String.raw`[\p{L}_$][\p{L}\p{N}_$]*(?=\s*\()`],
  ['name', String.raw`[\p{L}_$][\p{L}\p{N}_$]*`],
];

const PATTERN = new RegExp(TOKENS.map(([name, pattern]) => `(?<${name}>${pattern})`).join('|'), 'gu');

/** TypeScript source as HTML, with a span for each token that has a colour. */
export const highlight = (source: string): string => {
  let html = '';
  let end = 0;
  for (const match of source.matchAll(PATTERN)) {
    const [text] = match;
    const name = TOKENS.find(([each]) => match.groups?.[each] !== undefined)?.[0] ?? 'name';
    html += escapeHtml(source.slice(end, match.index));
    html += name === 'name' ? escapeHtml(text) : `<span class="t-${name}">${escapeHtml(text)}</span>`;
    end = (match.index ?? 0) + text.length;
  }
  return html + escapeHtml(source.slice(end));
};

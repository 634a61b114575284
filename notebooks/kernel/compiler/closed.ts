const TOKENS = /"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\[\s\S])*`|\/\/.*|\/\*[\s\S]*?\*\/|[()[\]{}]/g;
const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** The text up to where somebody types, made whole: a name in place of what is missing, and every bracket closed. */
export const closed = (code: string, offset: number): string => {
  const before = code.slice(0, offset);
  const open: string[] = [];
  for (const [token] of before.matchAll(TOKENS)) {
    if (token in CLOSING) open.push(CLOSING[token]!);
    else if (/^[)\]}]$/.test(token)) open.pop();
  }
  const word = /[\p{ID_Continue}$]$/u.test(before) ? '' : '_';
  return `${before}${word}${open.reverse().join('')}`;
};

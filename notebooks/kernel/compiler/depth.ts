/**
 * How deep a text may nest, from its tokens alone: parsers, and all that walks a syntax tree, go as deep into their
 * stack, and native code that comes to the end of it ends the process. Never too small where strings, templates and
 * comments are what they look like; too large for what has many operators in one statement.
 */
export const depthOf = (code: string): number => {
  if (code.length < DEEP) return 0;
  /** Operators so far, in the brackets that are open, in their last item or statement. */
  const outer: number[] = [];
  let run = 0;
  let above = 0;
  let deepest = 0;
  for (const [token] of code.matchAll(TOKENS)) {
    if (/^["']|^\/[/*]/.test(token)) continue;
    if (/^[([{]/.test(token)) {
      outer.push(run);
      above += run + 1;
      run = 0;
    } else if (/^[)\]}]/.test(token)) {
      run = outer.pop() ?? 0;
      above = Math.max(0, above - run - 1);
    } else if (/^[;,\n]/.test(token)) run = 0;
    else run++;
    deepest = Math.max(deepest, above + run);
  }
  return deepest;
};

/** From here on a thread with a large stack does the work; fewer characters cannot be as deep. */
export const DEEP = 400;
/** What the large stack has room for. */
export const DEEPEST = 10_000;
export const LARGE_STACK_MB = 256;

/** The error for what is deeper. */
export const tooDeep = (depth: number): string =>
  `this text nests about ${depth} levels deep, and more than ${DEEPEST} are not read: split it, or put the data in a file`;

/**
 * Strings and comments as a whole; brackets; ends of statements and items; and, each of them one level at most, all
 * operators and the words that take an operand.
 */
const TOKENS = new RegExp(
  [
    String.raw`"(?:[^"\\\n]|\\[^])*"?`,
    String.raw`'(?:[^'\\\n]|\\[^])*'?`,
    '//.*',
    String.raw`/\*[^]*?(?:\*/|$)`,
    String.raw`[()[\]{};,]`,
    // A line that begins with a word, after one that ends with a word or a bracket, is a statement of its own.
    String.raw`(?<=[\w$)\]}"'\`])\n(?=\s*(?!(?:else|as|satisfies|instanceof|in|of|extends)\b)[\w$@])`,
    String.raw`\b(?:typeof|await|new|keyof|void|delete|yield|else|infer|readonly|unique|extends|as|satisfies|in|instanceof)\b`,
    '=>|[?][.]|[-+*/%<>=!&|^~?:.]',
  ].join('|'),
  'g',
);

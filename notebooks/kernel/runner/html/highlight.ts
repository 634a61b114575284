/** Token classes of TypeScript, in the order in which they are tried. */
const CLASSES: readonly (readonly [className: string, pattern: string])[] = [
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

/** The source of a pattern with a group for each class; the page's script colours what is in one, names apart. */
export const TOKENS = CLASSES.map(([name, pattern]) => `(?<${name}>${pattern})`).join('|');

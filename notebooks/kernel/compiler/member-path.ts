/** The expression before a dot, where it is a name and properties of it: nothing in it is called. */
export interface MemberPath {
  /** The name, and the properties one after the other. */
  readonly path: readonly string[];
  /** Where the last of them stands. */
  readonly at: number;
}

const NAME = '[\\p{ID_Start}$_][\\p{ID_Continue}$]*';
const STEP = `\\s*(?:\\?\\.|\\.)\\s*${NAME}|(?:\\?\\.)?\\[\\s*(?:\\d+|'[^'\\\\\\n]*'|"[^"\\\\\\n]*")\\s*\\]|!`;
const BEFORE = new RegExp(
  `(?<![\\p{ID_Continue}$#]|(?<!\\.\\.)\\.\\s*)(${NAME})((?:${STEP})*)\\s*\\??\\.\\s*[\\p{ID_Continue}$]*$`,
  'u',
);
const STEPS = new RegExp(`(${NAME})|\\[\\s*(?:(\\d+)|'([^']*)'|"([^"]*)")`, 'gu');

/** @param offset inside or after the word that follows the dot. */
export const memberPath = (code: string, offset: number): MemberPath | undefined => {
  const found = BEFORE.exec(code.slice(0, offset));
  if (!found) return undefined;
  const [, name = '', steps = ''] = found;
  const inside = [...steps.matchAll(STEPS)];
  const last = inside.at(-1);
  return {
    path: [name, ...inside.map(([, ...forms]) => forms.find(form => form !== undefined)!)],
    at: found.index + (last ? name.length + last.index : 0),
  };
};

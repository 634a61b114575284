/** A formula as it is read: a number or a name, or a sign or function with its parts. */
export type Formula = string | Call;

/** Such as + with two parts, or cos with one. */
export interface Call {
  readonly head: string;
  readonly parts: readonly Formula[];
}

export const call = (head: string, ...parts: Formula[]): Call => ({ head, parts });

const SIGNS: Readonly<Record<string, number>> = { '+': 1, '-': 1, '*': 2, '/': 2, '^': 4 };
const NEGATION = 3;

/**
 * Reads sums, products, powers, calls and names in the notation of Algebrite.
 * @throws where the text ends too early, or goes on where it should have ended
 */
export const parse = (text: string): Formula => {
  const tokens = text.match(/\d+(?:\.\d+)?|[A-Za-z_]\w*|\S/g) ?? [];
  let at = 0;
  const expect = (token: string): void => {
    if (tokens[at] !== token) throw new Error(`${text}: ${token} is expected before “${tokens.slice(at).join('')}”`);
    at++;
  };
  const list = (): Formula[] => {
    const parts = [sum(0)];
    while (tokens[at] === ',') {
      at++;
      parts.push(sum(0));
    }
    expect(')');
    return parts;
  };
  const atom = (): Formula => {
    const token = tokens[at++];
    if (token === '-') return call('-', sum(NEGATION));
    if (token === '(') {
      const inner = sum(0);
      expect(')');
      return inner;
    }
    if (token === undefined || !/^\w/.test(token))
      throw new Error(`${text}: cannot be read at “${token ?? 'its end'}”`);
    if (tokens[at] !== '(') return token;
    at++;
    return call(token, ...list());
  };
  /** Everything that binds more tightly than `level`; powers go to the right. */
  const sum = (level: number): Formula => {
    let left = atom();
    for (;;) {
      const sign = tokens[at]!;
      const strength = SIGNS[sign];
      if (strength === undefined || strength <= level) return left;
      at++;
      left = call(sign, left, sum(sign === '^' ? strength - 1 : strength));
    }
  };
  const whole = sum(0);
  if (at < tokens.length) throw new Error(`${text}: cannot be read at “${tokens.slice(at).join('')}”`);
  return whole;
};

/** The formula as text, with all its brackets. */
export const print = (formula: Formula): string => {
  if (typeof formula === 'string') return formula;
  const { head, parts } = formula;
  const texts = parts.map(print);
  if (!(head in SIGNS)) return `${head}(${texts.join(',')})`;
  return texts.length === 1 ? `(${head}${texts[0]})` : `(${texts.join(head)})`;
};

/** The formula with another one in the place of a name. */
export const substitute = (formula: Formula, name: string, value: Formula): Formula => {
  if (typeof formula === 'string') return formula === name ? value : formula;
  return call(formula.head, ...formula.parts.map(part => substitute(part, name, value)));
};

import { requireFromRoot } from '../files/root.js';
import { call, type Formula, parse, print, substitute } from './formula.js';
import type { Engine } from './symbolic.js';

interface Nerdamer {
  (source: string): { toString(): string };
  set(setting: 'TIMEOUT', milliseconds: number): void;
}
const nerdamer = requireFromRoot('nerdamer-prime/all') as Nerdamer;
nerdamer.set('TIMEOUT', 60_000); // its 0.8 s would make an answer depend on how busy the machine is

const ask = (source: string): string => nerdamer(source).toString();

/** A function that is not known, differentiated so many times by each of its arguments: a name to the engine. */
interface Jet {
  readonly head: string;
  readonly by: readonly string[];
  readonly orders: readonly number[];
}
const jetName = ({ head, by, orders }: Jet): string => [head, ...by.map((name, k) => `${name}${orders[k]}`)].join('_');

const KNOWN: ReadonlySet<string> = new Set(['exp', 'log', 'sqrt', 'sin', 'cos', 'tan', 'sinh', 'cosh', 'tanh']);

/**
 * Reads `d`, `subst` and `taylor` as Algebrite does, by the engine's derivatives. Of unknown functions p(x) it has none:
 * p, p′, p″ become names, and the chain rule goes from each to the next.
 */
const reader = (definitions: ReadonlyMap<string, Formula>): ((formula: Formula) => Formula) => {
  const jets = new Map<string, Jet>();
  const jet = (next: Jet): string => {
    const name = jetName(next);
    jets.set(name, next);
    return name;
  };
  const derivative = (formula: Formula, by: string): Formula => {
    if (definitions.has(by)) throw new Error(`d(…, ${by}): ${by} is defined; differentiate, then subst(…, ${by}, …)`);
    const text = print(formula);
    const terms = [ask(`diff(${text},${by})`)];
    for (const [name, { head, by: names, orders }] of [...jets]) {
      const k = names.indexOf(by);
      if (k < 0 || !text.includes(name)) continue;
      const next = jet({ head, by: names, orders: orders.map((order, i) => order + Number(i === k)) });
      terms.push(`(${ask(`diff(${text},${name})`)})*${next}`);
    }
    return parse(terms.join('+'));
  };
  /** Σ f⁽ⁿ⁾(at) (x − at)ⁿ/n! up to an order. */
  const taylor = (formula: Formula, by: string, order: number, at: Formula): Formula => {
    let [slope, weight, total] = [formula, 1, '0'];
    for (let n = 0; n <= order; n++) {
      if (n > 0) [slope, weight] = [derivative(slope, by), weight * n];
      total += `+(${print(substitute(slope, by, at))})*(${by}-(${print(at)}))^${n}/${weight}`;
    }
    return parse(total);
  };
  const read = (formula: Formula): Formula => {
    if (typeof formula === 'string') return definitions.get(formula) ?? formula;
    const { head } = formula;
    const [first, ...rest] = formula.parts;
    if (head === 'd') return rest.reduce((inner, by) => derivative(inner, print(by)), read(first!));
    if (head === 'subst') return substitute(read(rest[1]!), print(rest[0]!), read(first!));
    if (head === 'taylor') return taylor(read(first!), print(rest[0]!), Number(rest[1]), rest[2]!);
    const parts = [first!, ...rest].map(read);
    if (head === 'exp') return call(head, parse(ask(`expand(${print(parts[0]!)})`))); // so that like exponents are alike
    if (!/^\w/.test(head) || KNOWN.has(head)) return call(head, ...parts);
    return jet({ head, by: parts.map(print), orders: parts.map(() => 0) });
  };
  return read;
};

/** left − right, expanded; and simplified, which takes longer, where the answer is not 0 and is expected to be. */
export const byNerdamer: Engine = ({ left, right, definitions }, expected) => {
  const known = new Map<string, Formula>();
  const read = reader(known);
  for (const [name, value] of Object.entries(definitions)) known.set(name, read(parse(value)));
  const gap = print(read(parse(`(${left})-(${right})`)));
  const expanded = ask(`expand(${gap})`);
  return expanded === '0' || expected !== '0' ? expanded : ask(`simplify(${gap})`);
};

import { type Arithmetic, random, randomOperations } from '../../graph/philox.js';
import { elements } from '../../graph/program.js';
import type { Hlo, Value } from '../hlo.js';
import type { Rule } from '../site.js';

const arithmetic = (hlo: Hlo): Arithmetic<Value> => {
  const both = (name: string, a: Value, b: Value): Value => {
    const shape = elements(a.shape) >= elements(b.shape) && a.shape.length >= b.shape.length ? a.shape : b.shape;
    return hlo.binary(name, hlo.broadcast(a, shape), hlo.broadcast(b, shape));
  };
  const names = { add: 'add', times: 'multiply', xor: 'xor', and: 'and' } as const;
  const functions = { sqrt: 'sqrt', log: 'log', sin: 'sine', cos: 'cosine' } as const;
  const word = (n: number) => hlo.full(n, [], 'ui64');
  return {
    word,
    range: n => hlo.iota([n], 0, 'ui64'),
    element: (vector, i) => hlo.slice(vector, [i], [i + 1]),
    words: (op, a, b) => both(names[op], a, b),
    high: w => both('shift_right_logical', w, word(32)),
    float: n => hlo.full(n, [], 'f32'),
    toFloat: w => hlo.convert(w, 'f32'),
    times: (x, y) => both('multiply', x, y),
    atLeast: (x, y) => both('maximum', x, y),
    function: (of, x) => hlo.unary(functions[of], x),
    interleave: (parts, shape) => {
      const columns = parts.map(part => hlo.reshape(part, [part.shape[0]!, 1]));
      const rows = hlo.concatenate(columns, 1);
      const flat = hlo.reshape(rows, [elements(rows.shape)]);
      return hlo.reshape(hlo.slice(flat, [0], [elements(shape)]), shape);
    },
  };
};

/** The same stream as everywhere, written out: a plugin's own generators are others. */
export const randomness: Readonly<Record<string, Rule>> = Object.fromEntries(
  randomOperations.map((op): [string, Rule] => [
    op,
    (hlo, site) => random(arithmetic(hlo), op, [site.input(1), site.input(2)], site.output(0).shape),
  ]),
);

import type { Hlo, Value } from '../hlo.js';
import type { Precision, Rule } from '../site.js';

/** How a device may round the factors: not at all, or as it likes. */
export const precisionOf = (precision: Precision): string => {
  const one = `#stablehlo<precision ${precision === 'float32' ? 'HIGHEST' : 'DEFAULT'}>`;
  return `[${one}, ${one}]`;
};

/** A product of factors that are float32, or are rounded to bfloat16 as its result then is. */
export const rounded = (
  hlo: Hlo,
  precision: Precision,
  factors: readonly [Value, Value],
  product: (a: Value, b: Value) => Value,
): Value => {
  if (precision !== 'bfloat16' || factors[0].element !== 'f32') return product(...factors);
  const [a, b] = factors.map(x => hlo.convert(x, 'bf16')) as [Value, Value];
  return hlo.convert(product(a, b), 'f32');
};

/** a: [..., m, k] and b: [..., k, n] with leading axes that are stretched to those of the result. */
const matrices =
  (flags: readonly [string, string]): Rule =>
  (hlo, site) => {
    const { shape } = site.output(0);
    const lead = shape.slice(0, -2);
    const whole = (x: Value) => hlo.broadcast(x, [...lead, ...x.shape.slice(-2)]);
    const rank = shape.length;
    const [contractedA, contractedB] = flags.map((flag, i) =>
      (site.attribute(flag) === true) === (i === 0) ? rank - 2 : rank - 1,
    );
    const batch = lead.map((_, i) => i);
    const numbers =
      `#stablehlo.dot<lhs_batching_dimensions = [${batch}], rhs_batching_dimensions = [${batch}], ` +
      `lhs_contracting_dimensions = [${contractedA}], rhs_contracting_dimensions = [${contractedB}]>`;
    const attributes = { dot_dimension_numbers: numbers, precision_config: precisionOf(site.precision) };
    return rounded(hlo, site.precision, [whole(site.input(0)), whole(site.input(1))], (a, b) =>
      hlo.op('dot_general', [a, b], shape, a.element, { attributes }),
    );
  };

export const products: Readonly<Record<string, Rule>> = {
  MatMul: matrices(['transpose_a', 'transpose_b']),
  BatchMatMulV2: matrices(['adj_x', 'adj_y']),
};

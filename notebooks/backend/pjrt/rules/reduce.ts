import { elements } from '../../graph/program.js';
import { type Hlo, integers, type Value } from '../hlo.js';
import { axisOf, type Rule, type Site } from '../site.js';

/** The axes of a reduction; its result's shape says whether they are kept. */
const axesOf = (site: Site): number[] => site.integers(1).map(axis => axisOf(axis, site.shape(0).length));

const least = (x: Value): number => (x.element === 'f32' ? Number.NEGATIVE_INFINITY : -(2 ** 31));
const most = (x: Value): number => (x.element === 'f32' ? Number.POSITIVE_INFINITY : 2 ** 31 - 1);

const joined =
  (body: string, start: (x: Value) => number): Rule =>
  (hlo, site) => {
    const x = site.input(0);
    return hlo.reshape(hlo.reduce(x, axesOf(site), body, start(x)), site.output(0).shape);
  };

const sum = joined('add', () => 0);

const mean: Rule = (hlo, site) => {
  const total = sum(hlo, site) as Value;
  const count = elements(site.shape(0)) / Math.max(1, elements(total.shape));
  return hlo.binary('divide', total, hlo.like(total, count));
};

/** Along the last axis, with its greatest element taken off first. */
const centred = (hlo: Hlo, x: Value): { shifted: Value; along: (of: Value) => Value; last: number } => {
  const last = x.shape.length - 1;
  const others = x.shape.slice(0, last).map((_, i) => i);
  const along = (of: Value) => hlo.spread(of, others, x.shape);
  return { shifted: hlo.binary('subtract', x, along(hlo.reduce(x, [last], 'maximum', least(x)))), along, last };
};

const softmax: Rule = (hlo, site) => {
  const { shifted, along, last } = centred(hlo, site.input(0));
  const e = hlo.unary('exponential', shifted);
  return hlo.binary('divide', e, along(hlo.reduce(e, [last], 'add', 0)));
};

/** The first position of the extreme. */
const position =
  (body: string, start: (x: Value) => number): Rule =>
  (hlo, site) => {
    const x = site.input(0);
    const axis = axesOf(site)[0]!;
    const others = x.shape.map((_, i) => i).filter(i => i !== axis);
    const extreme = hlo.spread(hlo.reduce(x, [axis], body, start(x)), others, x.shape);
    const { element } = site.output(0);
    const places = hlo.iota(x.shape, axis, element);
    const held = hlo.select(hlo.compare(x, extreme, 'EQ'), places, hlo.full(2 ** 31 - 1, x.shape, element));
    return hlo.reduce(held, [axis], 'minimum', 2 ** 31 - 1);
  };

/** A window over all that comes before. */
const cumulative: Rule = (hlo, site) => {
  const x = site.input(0);
  const axis = axesOf(site)[0]!;
  const n = x.shape[axis]!;
  const backwards = site.attribute('reverse') === true;
  const exclusive = site.attribute('exclusive') === true ? 1 : 0;
  const at = (value: number, other: number) => x.shape.map((_, i) => (i === axis ? value : other));
  const zero = hlo.full(0, [], x.element);
  const shifted = hlo.pad(
    x,
    zero,
    at(backwards ? -exclusive : exclusive, 0),
    at(backwards ? exclusive : -exclusive, 0),
  );
  const pairs = x.shape.map((_, i) => (i !== axis ? '[0, 0]' : backwards ? `[0, ${n - 1}]` : `[${n - 1}, 0]`));
  return hlo.op('reduce_window', [shifted, zero], x.shape, x.element, {
    attributes: {
      window_dimensions: integers(at(n, 1)),
      padding: `dense<[${pairs.join(', ')}]> : tensor<${x.shape.length}x2xi64>`,
    },
    body: 'add',
  });
};

export const reductions: Readonly<Record<string, Rule>> = {
  Sum: sum,
  Mean: mean,
  Prod: joined('multiply', () => 1),
  Max: joined('maximum', least),
  Min: joined('minimum', most),
  All: joined('and', () => 1),
  Any: joined('or', () => 0),
  Softmax: softmax,
  ArgMax: position('maximum', least),
  ArgMin: position('minimum', most),
  Cumsum: cumulative,
};

import { type Hlo, integers, type Value } from '../hlo.js';
import type { Rule, Site } from '../site.js';
import { inner, paddingOf, transposed, type Window, windowOf } from '../window.js';

const outer = (list: readonly number[], of: number): number[] => [of, ...list, of];

const poolOf = (site: Site, input: readonly number[]): Window =>
  windowOf(site, inner(input), inner(site.attribute('ksize') as readonly number[]));

const windowed = (hlo: Hlo, x: Value, window: Window, shape: readonly number[], body: string, start: number): Value =>
  hlo.op('reduce_window', [x, hlo.full(start, [], x.element)], shape, x.element, {
    attributes: {
      window_dimensions: integers(outer(window.size, 1)),
      window_strides: integers(outer(window.strides, 1)),
      padding: paddingOf(outer(window.low, 0), outer(window.high, 0)),
    },
    body,
  });

/** How many elements each window holds: those beyond the edge do not count. */
const counts = (hlo: Hlo, window: Window, input: readonly number[], output: readonly number[]): Value =>
  windowed(hlo, hlo.full(1, input, 'f32'), window, output, 'add', 0);

const average: Rule = (hlo, site) => {
  const x = site.input(0);
  const { shape } = site.output(0);
  const window = poolOf(site, x.shape);
  return hlo.binary('divide', windowed(hlo, x, window, shape, 'add', 0), counts(hlo, window, x.shape, shape));
};

/** Each element gets its share of every window that it is in. */
const averageGradient: Rule = (hlo, site) => {
  const dy = site.input(1);
  const { shape } = site.output(0);
  const window = poolOf(site, shape);
  const share = hlo.binary('divide', dy, counts(hlo, window, shape, dy.shape));
  const { low, high } = transposed(window, inner(shape), inner(dy.shape));
  const apart = outer(
    window.strides.map(s => s - 1),
    0,
  );
  const spread = hlo.pad(share, hlo.full(0, [], dy.element), outer(low, 0), outer(high, 0), apart);
  const still = { ...window, strides: low.map(() => 1), low: low.map(() => 0), high: low.map(() => 0) };
  return windowed(hlo, spread, still, shape, 'add', 0);
};

const greatest: Rule = (hlo, site) => {
  const x = site.input(0);
  return windowed(hlo, x, poolOf(site, x.shape), site.output(0).shape, 'maximum', Number.NEGATIVE_INFINITY);
};

/** The first greatest element of each window gets all. */
const greatestGradient: Rule = (hlo, site) => {
  const [x, dy] = [site.input(0), site.input(2)];
  const window = poolOf(site, x.shape);
  return hlo.op('select_and_scatter', [x, dy, hlo.full(0, [], x.element)], x.shape, x.element, {
    attributes: {
      window_dimensions: integers(outer(window.size, 1)),
      window_strides: integers(outer(window.strides, 1)),
      padding: paddingOf(outer(window.low, 0), outer(window.high, 0)),
    },
    select: 'GE',
    body: 'add',
  });
};

export const pools: Readonly<Record<string, Rule>> = {
  AvgPool: average,
  AvgPoolGrad: averageGradient,
  MaxPool: greatest,
  MaxPoolGrad: greatestGradient,
};

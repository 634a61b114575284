import { type Attributes, type Hlo, integers, type Value } from '../hlo.js';
import type { Rule, Site } from '../site.js';
import { inner, paddingOf, transposed, windowOf } from '../window.js';
import { precisionOf, rounded } from './product.js';

/** Which axis of each operand and of the result is what; s stands for the axes that the window moves on. */
type Axes = readonly [lhs: string, rhs: string, out: string];

interface Convolution {
  readonly axes: Axes;
  readonly shape: readonly number[];
  readonly attributes: Attributes;
}

const convolve = (hlo: Hlo, site: Site, operands: readonly [Value, Value], made: Convolution): Value => {
  const count = made.shape.length - 2;
  const places = Array.from({ length: count }, (_, i) => String(i)).join(', ');
  const [lhs, rhs, out] = made.axes.map(names => `[${names.replace('s', places)}]`);
  const attributes = {
    ...made.attributes,
    dimension_numbers: `#stablehlo.conv<${lhs}x${rhs}->${out}>`,
    feature_group_count: '1 : i64',
    batch_group_count: '1 : i64',
    precision_config: precisionOf(site.precision),
  };
  return rounded(hlo, site.precision, operands, (a, b) =>
    hlo.op('convolution', [a, b], made.shape, a.element, { attributes }),
  );
};

/** x: [B, …, C] and filter: [k…, C, K] → [B, …, K]. */
const forward: Rule = (hlo, site) => {
  const [x, filter] = [site.input(0), site.input(1)];
  const window = windowOf(site, inner(x.shape), filter.shape.slice(0, -2));
  return convolve(hlo, site, [x, filter], {
    axes: ['b, s, f', 's, i, o', 'b, s, f'],
    shape: site.output(0).shape,
    attributes: {
      window_strides: integers(window.strides),
      padding: paddingOf(window.low, window.high),
      rhs_dilation: integers(window.dilations),
    },
  });
};

/** The turned filter over the result's gradient, whose elements are set apart by the strides. */
const inputGradient: Rule = (hlo, site) => {
  const [filter, dy] = [site.input(1), site.input(2)];
  const { shape } = site.output(0);
  const window = windowOf(site, inner(shape), filter.shape.slice(0, -2));
  const { low, high } = transposed(window, inner(shape), inner(dy.shape));
  const turned = hlo.reverse(
    filter,
    window.size.map((_, i) => i),
  );
  return convolve(hlo, site, [dy, turned], {
    axes: ['b, s, f', 's, o, i', 'b, s, f'],
    shape,
    attributes: {
      window_strides: integers(window.size.map(() => 1)),
      padding: paddingOf(low, high),
      lhs_dilation: integers(window.strides),
      rhs_dilation: integers(window.dilations),
    },
  });
};

/** The result's gradient as a filter over the input, channels in the place of rows: Σ over rows and places. */
const filterGradient: Rule = (hlo, site) => {
  const [x, dy] = [site.input(0), site.input(2)];
  const { shape } = site.output(0);
  const window = windowOf(site, inner(x.shape), shape.slice(0, -2));
  const { size, strides, dilations, low } = window;
  const high = inner(x.shape).map(
    (n, i) => (size[i]! - 1) * dilations[i]! + (dy.shape[i + 1]! - 1) * strides[i]! + 1 - n - low[i]!,
  );
  return convolve(hlo, site, [x, dy], {
    axes: ['f, s, b', 'i, s, o', 's, b, f'],
    shape,
    attributes: { window_strides: integers(dilations), padding: paddingOf(low, high), rhs_dilation: integers(strides) },
  });
};

export const convolutions: Readonly<Record<string, Rule>> = {
  Conv2D: forward,
  Conv2DBackpropInput: inputGradient,
  Conv2DBackpropFilter: filterGradient,
  Conv3D: forward,
  Conv3DBackpropInputV2: inputGradient,
  Conv3DBackpropFilterV2: filterGradient,
};

import { elements } from '../../graph/program.js';
import { integers, type Value } from '../hlo.js';
import { all, axisOf, type Rule } from '../site.js';

const reshape: Rule = (hlo, site) => hlo.reshape(site.input(0), site.output(0).shape);

const slice: Rule = (hlo, site) => {
  const start = site.integers(1);
  return hlo.slice(
    site.input(0),
    start,
    start.map((s, i) => s + site.output(0).shape[i]!),
  );
};

/** Begin and end of each axis, with the bits of masks that say which of them to ignore. */
const stridedSlice: Rule = (hlo, site) => {
  const x = site.input(0);
  const mask = (name: string) => Number(site.attribute(name) ?? 0);
  if (mask('ellipsis_mask') || mask('new_axis_mask')) throw new Error('it has an ellipsis or new axes');
  const strides = site.integers(3);
  const has = (name: string, i: number) => ((mask(name) >> i) & 1) === 1;
  const ranges = x.shape.map((n, i) => {
    const stride = strides[i] ?? 1;
    const within = (at: number) =>
      Math.min(Math.max(at < 0 ? at + n : at, stride < 0 ? -1 : 0), stride < 0 ? n - 1 : n);
    const open = i >= strides.length;
    const begin = site.integers(1)[i]!;
    const from = open || has('begin_mask', i) ? (stride < 0 ? n - 1 : 0) : within(begin);
    if (has('shrink_axis_mask', i)) return { from: within(begin), to: within(begin) + 1, stride: 1 };
    const to = open || has('end_mask', i) ? (stride < 0 ? -1 : n) : within(site.integers(2)[i]!);
    return { from, to, stride };
  });
  const backward = ranges.flatMap(({ stride }, i) => (stride < 0 ? [i] : []));
  const forward = ranges.map(({ from, to, stride }, i) =>
    stride < 0 ? { from: x.shape[i]! - 1 - from, to: x.shape[i]! - 1 - to, stride: -stride } : { from, to, stride },
  );
  const turned = backward.length > 0 ? hlo.reverse(x, backward) : x;
  const cut = hlo.slice(
    turned,
    forward.map(r => r.from),
    forward.map(r => Math.max(r.from, r.to)),
    forward.map(r => r.stride),
  );
  return hlo.reshape(cut, site.output(0).shape);
};

const concat: Rule = (hlo, site) => {
  const [axis] = site.integers(site.count - 1);
  const parts = Array.from({ length: site.count - 1 }, (_, i) => site.input(i));
  return hlo.concatenate(parts, axisOf(axis!, parts[0]!.shape.length));
};

const splitV: Rule = (hlo, site) => {
  const x = site.input(0);
  const axis = axisOf(site.integers(2)[0]!, x.shape.length);
  let at = 0;
  return site.integers(1).map((_, i) => {
    const length = site.output(i).shape[axis]!;
    at += length;
    return hlo.slice(
      x,
      x.shape.map((_, k) => (k === axis ? at - length : 0)),
      x.shape.map((n, k) => (k === axis ? at : n)),
    );
  });
};

const pack: Rule = (hlo, site) => {
  const { shape } = site.output(0);
  const axis = axisOf(Number(site.attribute('axis') ?? 0), shape.length);
  const one = shape.map((n, i) => (i === axis ? 1 : n));
  return hlo.concatenate(
    all(site).map(x => hlo.reshape(x, one)),
    axis,
  );
};

const unpack: Rule = (hlo, site) => {
  const x = site.input(0);
  const axis = axisOf(Number(site.attribute('axis') ?? 0), x.shape.length);
  return Array.from({ length: x.shape[axis]! }, (_, at) => {
    const start = x.shape.map((_, k) => (k === axis ? at : 0));
    const end = x.shape.map((n, k) => (k === axis ? at + 1 : n));
    return hlo.reshape(hlo.slice(x, start, end), site.output(at).shape);
  });
};

/** Each axis is stretched beside itself, [n] → [times, n] → [times · n]. */
const tile: Rule = (hlo, site) => {
  const x = site.input(0);
  const doubled = site.integers(1).flatMap((times, i) => [times, x.shape[i]!]);
  const own = x.shape.map((_, i) => 2 * i + 1);
  return hlo.reshape(hlo.spread(x, own, doubled), site.output(0).shape);
};

const pad: Rule = (hlo, site) => {
  const pairs = site.integers(1);
  const side = (which: number) => pairs.filter((_, i) => i % 2 === which);
  return hlo.pad(site.input(0), hlo.reshape(site.input(2), []), side(0), side(1));
};

const reverse: Rule = (hlo, site) => {
  const x = site.input(0);
  return hlo.reverse(
    x,
    site.integers(1).map(axis => axisOf(axis, x.shape.length)),
  );
};

const fill: Rule = (hlo, site) => hlo.spread(hlo.reshape(site.input(1), []), [], site.output(0).shape);

const range: Rule = (hlo, site) => {
  const { shape, element } = site.output(0);
  const along = (i: number) => hlo.spread(hlo.reshape(site.input(i), []), [], shape);
  return hlo.binary('add', along(0), hlo.binary('multiply', hlo.iota(shape, 0, element), along(2)));
};

/** Words of one size become words of another: the last axis comes or goes. */
const bitcast: Rule = (hlo, site) => {
  const { shape, element } = site.output(0);
  return hlo.op('bitcast_convert', [site.input(0)], shape, element);
};

/** Along the last axis 1 where its position is the index, else 0, or the two values given. */
const oneHot: Rule = (hlo, site) => {
  const { shape, element } = site.output(0);
  const indices = hlo.convert(site.input(0), 'i32');
  const own = indices.shape.map((_, i) => i);
  const hit = hlo.compare(hlo.spread(indices, own, shape), hlo.iota(shape, shape.length - 1, 'i32'), 'EQ');
  const value = (i: number): Value => hlo.spread(hlo.convert(hlo.reshape(site.input(i), []), element), [], shape);
  return hlo.select(hit, value(2), value(3));
};

/** Rows, or what lies along another axis, by their indices. */
const gather: Rule = (hlo, site) => {
  const x = site.input(0);
  const indices = site.input(1);
  if (Number(site.attribute('batch_dims') ?? 0) !== 0) throw new Error('it gathers in batches');
  const axis = axisOf(site.integers(2)[0]!, x.shape.length);
  const { shape, element } = site.output(0);
  const rank = indices.shape.length;
  const offset = shape.map((_, i) => i).filter(i => i < axis || i >= axis + rank);
  const numbers =
    `#stablehlo.gather<offset_dims = [${offset}], collapsed_slice_dims = [${axis}], ` +
    `start_index_map = [${axis}], index_vector_dim = ${rank}>`;
  const sizes = x.shape.map((n, i) => (i === axis ? 1 : n));
  return hlo.op('gather', [x, indices], shape, element, {
    attributes: { dimension_numbers: numbers, slice_sizes: integers(sizes), indices_are_sorted: 'false' },
  });
};

/** Adds rows to those that their indices name. */
const segmentSum: Rule = (hlo, site) => {
  const rows = site.input(0);
  const ids = site.input(1);
  const { shape, element } = site.output(0);
  const count = elements(ids.shape);
  const flat = hlo.reshape(rows, [count, ...shape.slice(1)]);
  const numbers =
    `#stablehlo.scatter<update_window_dims = [${shape.slice(1).map((_, i) => i + 1)}], inserted_window_dims = [0], ` +
    'scatter_dims_to_operand_dims = [0], index_vector_dim = 1>';
  return hlo.op('scatter', [hlo.full(0, shape, element), hlo.reshape(ids, [count]), flat], shape, element, {
    attributes: { scatter_dimension_numbers: numbers, indices_are_sorted: 'false', unique_indices: 'false' },
    body: 'add',
  });
};

export const shapes: Readonly<Record<string, Rule>> = {
  Reshape: reshape,
  ExpandDims: reshape,
  Slice: slice,
  StridedSlice: stridedSlice,
  ConcatV2: concat,
  SplitV: splitV,
  Pack: pack,
  Unpack: unpack,
  Tile: tile,
  PadV2: pad,
  ReverseV2: reverse,
  Transpose: (hlo, site) => hlo.transpose(site.input(0), site.integers(1)),
  BroadcastTo: (hlo, site) => hlo.broadcast(site.input(0), site.output(0).shape),
  Fill: fill,
  Range: range,
  Bitcast: bitcast,
  OneHot: oneHot,
  GatherV2: gather,
  UnsortedSegmentSum: segmentSum,
};

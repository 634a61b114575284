import { stringify } from '../../link/primordials.js';
import { type Data, type Later, number, type Presenter, whenThere } from './presenter.js';
import { rangeOf } from './range.js';

/** Numbers in C order with a shape: what tensors, ndarrays and typed arrays have in common. */
export interface Dense {
  readonly title: string;
  readonly shape: readonly number[];
  readonly values: ArrayLike<Element>;
}

type Element = number | bigint | string | boolean | Complex;

interface Complex {
  readonly re: number;
  readonly im: number;
}

const EDGE = 3;
const SMALL = 60;

/** "Tensor float32 [2, 3], in [0, 5], mean 2.5" and the values, those in the middle left out of a long axis. */
export const denseText = (dense: Dense): string =>
  `${dense.title} [${dense.shape.join(', ')}]${rangeText(dense.values)}\n${valuesOf(dense)}`;

const rangeText = (values: Dense['values']): string => {
  if (values.length < 2 || typeof values[0] !== 'number') return '';
  const { low, high, sum, bad } = rangeOf(values as ArrayLike<number>);
  const finite = values.length - bad;
  const range = finite > 0 ? `, in [${number(low)}, ${number(high)}], mean ${number(sum / finite)}` : '';
  return `${range}${bad > 0 ? `, ${bad} not finite` : ''}`;
};

const valuesOf = ({ shape, values }: Dense): string => {
  const abridged = values.length > SMALL;
  const level = (axis: number, from: number, size: number): string => {
    const length = shape[axis];
    if (length === undefined) return element(values[from]);
    const step = length === 0 ? 0 : size / length;
    const deepest = axis === shape.length - 1;
    const item = (index: number) => level(axis + 1, from + index * step, step);
    const cut = abridged && length > 2 * EDGE;
    const indices = Array.from({ length: cut ? EDGE : length }, (_, index) => index);
    const tail = cut ? indices.map(index => length - EDGE + index) : [];
    const items = [...indices.map(item), ...(cut ? ['…'] : []), ...tail.map(item)];
    return `[${items.join(deepest ? ', ' : `,\n${' '.repeat(axis + 1)}`)}]`;
  };
  return level(0, 0, values.length);
};

const element = (value: Element | undefined): string => {
  if (typeof value === 'number') return number(value);
  if (typeof value === 'object')
    return `${number(value.re)} ${value.im < 0 ? '-' : '+'} ${number(Math.abs(value.im))}i`;
  return typeof value === 'string' ? stringify(value) : String(value);
};

const text = (dense: Dense): Data => ({ 'text/plain': denseText(dense) });

export interface TensorLike {
  readonly shape: readonly number[];
  readonly dtype: string;
  readonly isDisposed?: boolean;
  data(): Promise<ArrayLike<number | string>>;
  dataSync(): ArrayLike<number | string>;
}

const isShape = (shape: unknown): shape is number[] =>
  Array.isArray(shape) && shape.every(length => typeof length === 'number');

export const isTensor = (value: object): value is TensorLike => {
  const { shape, dtype, data, dataSync } = value as Record<string, unknown>;
  return isShape(shape) && typeof dtype === 'string' && typeof data === 'function' && typeof dataSync === 'function';
};

/** Its type and shape, which cost nothing. */
const titleOf = ({ dtype, shape, isDisposed }: TensorLike): string =>
  `Tensor ${dtype} [${shape.join(', ')}]${isDisposed ? ', disposed' : ''}`;

/** At once where the backend can: what is shown is what the tensor is now, and in its place among other output. */
const dataOf = (value: TensorLike): Later<ArrayLike<number | string>> => {
  try {
    return value.dataSync();
  } catch {
    return value.data();
  }
};

const denseOf = (value: TensorLike): Later<Dense> => whenThere(dataOf(value), data => dense(value, data));

const dense = (value: TensorLike, data: ArrayLike<number | string>): Dense => {
  // Real and imaginary parts take turns.
  const parts = (index: number) => ({ re: Number(data[2 * index]), im: Number(data[2 * index + 1]) });
  const values =
    value.dtype === 'complex64' ? Array.from({ length: data.length / 2 }, (_, index) => parts(index)) : data;
  return { title: `Tensor ${value.dtype}`, shape: value.shape, values };
};

export const tensor: Presenter = value => {
  if (!isTensor(value)) return undefined;
  return value.isDisposed ? { 'text/plain': titleOf(value) } : whenThere(denseOf(value), text);
};

const FEW = 6;

/** One line of a tensor that is part of something: its few values, or their range. */
export const tensorLine = (value: TensorLike, read: boolean): Later<string> => {
  if (value.isDisposed || !read) return titleOf(value);
  return whenThere(denseOf(value), found => {
    if (found.values.length > FEW) return titleOf(value) + rangeText(found.values);
    return `${titleOf(value)} ${valuesOf(found).replaceAll(/\n */g, ' ')}`;
  });
};

interface NdarrayLike {
  readonly shape: readonly number[];
  readonly stride: readonly number[];
  readonly offset: number;
  readonly dtype: string;
  readonly data: ArrayLike<number>;
}

const isNdarray = (value: object): value is NdarrayLike => {
  const { shape, stride, offset, data } = value as Record<string, unknown>;
  return isShape(shape) && isShape(stride) && typeof offset === 'number' && typeof data === 'object' && data !== null;
};

export const ndarray: Presenter = value => {
  if (!isNdarray(value)) return undefined;
  const { shape, stride, offset, data } = value;
  const size = shape.reduce((product, length) => product * length, 1);
  const at = (index: number): number => {
    let place = offset;
    for (let axis = shape.length - 1, rest = index; axis >= 0; axis--) {
      place += (rest % shape[axis]!) * stride[axis]!;
      rest = Math.floor(rest / shape[axis]!);
    }
    return data[place]!;
  };
  const values = Array.from({ length: size }, (_, index) => at(index));
  return text({ title: `ndarray ${value.dtype ?? ''}`.trim(), shape, values });
};

export const typedArray: Presenter = value => {
  if (!ArrayBuffer.isView(value) || !('length' in value)) return undefined;
  const values = value as unknown as ArrayLike<number | bigint>;
  return text({ title: value.constructor.name, shape: [values.length], values });
};

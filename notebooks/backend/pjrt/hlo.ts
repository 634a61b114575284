import { elements } from '../graph/program.js';
import type { Element } from './element.js';

/** A value of a module: its name, shape and type. */
export interface Value {
  readonly name: string;
  readonly shape: readonly number[];
  readonly element: Element;
}

export type Attributes = Readonly<Record<string, string>>;

/** The lines of a function of StableHLO while it is written. */
export interface Lines {
  readonly all: readonly string[];
  /** One operation in MLIR's generic form, which changes less from version to version than the pretty ones. */
  op(name: string, operands: readonly Value[], shape: readonly number[], element: Element, more?: More): Value;
}

interface More {
  readonly attributes?: Attributes;
  /** The operation that joins two elements, in what reduces. */
  readonly body?: string;
  /** How what selects compares two elements. */
  readonly select?: string;
}

export const typeOf = ({ shape, element }: Pick<Value, 'shape' | 'element'>): string =>
  `tensor<${[...shape, element].join('x')}>`;

export const integers = (values: readonly number[]): string =>
  values.length === 0 ? 'array<i64>' : `array<i64: ${values.join(', ')}>`;

const region = (body: string, element: Element): string => {
  const one = `tensor<${element}>`;
  return (
    `{\n^bb0(%a: ${one}, %b: ${one}):\n  %c = "stablehlo.${body}"(%a, %b) : (${one}, ${one}) -> ${one}\n` +
    `  "stablehlo.return"(%c) : (${one}) -> ()\n}`
  );
};

/** Whether a selection keeps the first of two elements. */
const selection = (direction: string, element: Element): string => {
  const one = `tensor<${element}>`;
  return (
    `{\n^bb0(%a: ${one}, %b: ${one}):\n  %c = "stablehlo.compare"(%a, %b) ` +
    `{comparison_direction = #stablehlo<comparison_direction ${direction}>} : (${one}, ${one}) -> tensor<i1>\n` +
    '  "stablehlo.return"(%c) : (tensor<i1>) -> ()\n}'
  );
};

const record = (attributes: Attributes): string => {
  const entries = Object.entries(attributes).map(([name, value]) => `${name} = ${value}`);
  return entries.length === 0 ? '' : ` {${entries.join(', ')}}`;
};

export const lines = (): Lines => {
  const all: string[] = [];
  const op: Lines['op'] = (operation, operands, shape, element, { attributes = {}, body, select } = {}) => {
    const made = { name: `%${all.length}`, shape, element };
    const regions = [...(select ? [selection(select, element)] : []), ...(body ? [region(body, element)] : [])];
    const types = `(${operands.map(typeOf).join(', ')}) -> ${typeOf(made)}`;
    const inner = regions.length === 0 ? '' : ` (${regions.join(', ')})`;
    const names = operands.map(({ name }) => name).join(', ');
    all.push(`${made.name} = "stablehlo.${operation}"(${names})${inner}${record(attributes)} : ${types}`);
    return made;
  };
  return { all, op };
};

const hex = (bytes: ArrayBufferView): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('hex').toUpperCase();

/** One number, bit for bit. */
const literal = (value: number, element: Element): string => {
  if (element === 'f32') return `0x${new Uint32Array(Float32Array.of(value).buffer)[0]!.toString(16).toUpperCase()}`;
  if (element === 'bf16')
    return `0x${(new Uint32Array(Float32Array.of(value).buffer)[0]! >>> 16).toString(16).toUpperCase()}`;
  if (element === 'i1') return String(value !== 0);
  return String(value);
};

/** Values as the attribute of a constant. Many are written as bytes, booleans one by one. */
export const dense = (values: Float32Array | Int32Array | Uint8Array, element: Element): string => {
  const [first] = values;
  if (first !== undefined && values.every(v => Object.is(v, first))) return literal(first, element);
  if (element === 'i1') return `[${Array.from(values, v => literal(v, element)).join(', ')}]`;
  return `"0x${hex(values)}"`;
};

/** What rules say of values; names are those of StableHLO where they mean the same. */
export const hlo = ({ op }: Pick<Lines, 'op'>) => {
  const full = (value: number, shape: readonly number[], element: Element): Value =>
    op('constant', [], shape, element, {
      attributes: { value: `dense<${literal(value, element)}> : ${typeOf({ shape, element })}` },
    });
  const reshape = (x: Value, shape: readonly number[]): Value =>
    String(x.shape) === String(shape) ? x : op('reshape', [x], shape, x.element);
  /** Axis i of x becomes axis axes[i] of the shape. */
  const spread = (x: Value, axes: readonly number[], shape: readonly number[]): Value =>
    op('broadcast_in_dim', [x], shape, x.element, { attributes: { broadcast_dimensions: integers(axes) } });
  return {
    op,
    full,
    reshape,
    spread,
    constant: (values: Float32Array | Int32Array | Uint8Array, shape: readonly number[], element: Element): Value => {
      const flat = [elements(shape)];
      const value = `dense<${dense(values, element)}> : ${typeOf({ shape: flat, element })}`;
      return reshape(op('constant', [], flat, element, { attributes: { value } }), shape);
    },
    unary: (name: string, x: Value): Value => op(name, [x], x.shape, x.element),
    /** Of two values of one shape. */
    binary: (name: string, a: Value, b: Value): Value => op(name, [a, b], a.shape, a.element),
    /** A number beside a value, in its shape and type. */
    like: (x: Value, value: number): Value => full(value, x.shape, x.element),
    /** Stretches axes of length 1, seen from the last one, as TensorFlow does. */
    broadcast: (x: Value, shape: readonly number[]): Value => {
      if (String(x.shape) === String(shape)) return x;
      const skip = shape.length - x.shape.length;
      const kept = x.shape.map((_, i) => i).filter(i => x.shape[i] === shape[i + skip]);
      const own = kept.map(i => x.shape[i]!);
      return spread(
        reshape(x, own),
        kept.map(i => i + skip),
        shape,
      );
    },
    convert: (x: Value, element: Element): Value => (x.element === element ? x : op('convert', [x], x.shape, element)),
    compare: (a: Value, b: Value, direction: string): Value =>
      op('compare', [a, b], a.shape, 'i1', {
        attributes: { comparison_direction: `#stablehlo<comparison_direction ${direction}>` },
      }),
    select: (condition: Value, yes: Value, no: Value): Value =>
      op('select', [condition, yes, no], yes.shape, yes.element),
    transpose: (x: Value, axes: readonly number[]): Value =>
      op(
        'transpose',
        [x],
        axes.map(a => x.shape[a]!),
        x.element,
        { attributes: { permutation: integers(axes) } },
      ),
    reverse: (x: Value, axes: readonly number[]): Value =>
      op('reverse', [x], x.shape, x.element, { attributes: { dimensions: integers(axes) } }),
    /** From start to end, which is not included, by positive strides. */
    slice: (x: Value, start: readonly number[], end: readonly number[], strides = start.map(() => 1)): Value =>
      op(
        'slice',
        [x],
        start.map((s, i) => Math.max(0, Math.ceil((end[i]! - s) / strides[i]!))),
        x.element,
        { attributes: { start_indices: integers(start), limit_indices: integers(end), strides: integers(strides) } },
      ),
    concatenate: (parts: readonly Value[], axis: number): Value => {
      const [first] = parts as [Value];
      const length = parts.reduce((n, part) => n + part.shape[axis]!, 0);
      const shape = first.shape.map((n, i) => (i === axis ? length : n));
      return op('concatenate', parts, shape, first.element, { attributes: { dimension: `${axis} : i64` } });
    },
    /** Adds elements before and behind each axis, and between its elements; less than none cuts off. */
    pad: (
      x: Value,
      value: Value,
      low: readonly number[],
      high: readonly number[],
      interior: readonly number[] = low.map(() => 0),
    ): Value =>
      op(
        'pad',
        [x, value],
        x.shape.map((n, i) => n + low[i]! + high[i]! + Math.max(0, n - 1) * interior[i]!),
        x.element,
        {
          attributes: {
            edge_padding_low: integers(low),
            edge_padding_high: integers(high),
            interior_padding: integers(interior),
          },
        },
      ),
    /** Joins the elements along axes, which are gone then. */
    reduce: (x: Value, axes: readonly number[], body: string, start: number): Value =>
      op(
        'reduce',
        [x, full(start, [], x.element)],
        x.shape.filter((_, i) => !axes.includes(i)),
        x.element,
        { attributes: { dimensions: integers(axes) }, body },
      ),
    /** 0, 1, 2, … along an axis. */
    iota: (shape: readonly number[], axis: number, element: Element): Value =>
      op('iota', [], shape, element, { attributes: { iota_dimension: `${axis} : i64` } }),
  };
};

export type Hlo = ReturnType<typeof hlo>;

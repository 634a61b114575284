import type { Attribute } from '../graph/binding.js';
import type { Element } from './element.js';
import type { Hlo, Value } from './hlo.js';

/** How products of float32 are taken: in full, with factors rounded to 10 bits where a device can, or to 7 bits. */
export type Precision = 'float32' | 'tensorfloat32' | 'bfloat16';

/** What a rule is given of one step of a program. */
export interface Site {
  /** How many inputs the step has, lists counted out. */
  readonly count: number;
  readonly precision: Precision;
  input(index: number): Value;
  /** The shape that an input has, whether or not its values are used. */
  shape(index: number): readonly number[];
  /** The integers of an input that is part of the program, such as a shape or axes. @throws Error where it is computed */
  integers(index: number): readonly number[];
  attribute(name: string): Attribute['value'] | undefined;
  output(index: number): { readonly shape: readonly number[]; readonly element: Element };
}

/** One operation in StableHLO: its output, or all of them. @throws Error with the reason where it has none */
export type Rule = (hlo: Hlo, site: Site) => Value | readonly Value[];

/** An axis counted from the end where it is negative. */
export const axisOf = (axis: number, rank: number): number => (axis < 0 ? axis + rank : axis);

export const all = (site: Site): Value[] => Array.from({ length: site.count }, (_, i) => site.input(i));

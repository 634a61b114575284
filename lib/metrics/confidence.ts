import { reject, within } from '../errors.js';
import { points, type Samples } from './points.js';

/** What a classifier says of a sample. */
export interface Verdict {
  /** The likeliest class. */
  readonly label: number;
  /** Its probability. */
  readonly confidence: number;
}

/** The likeliest class of each row and its probability, softmax in float64. @param logits [n, classes] */
export const verdicts = (logits: Samples): Verdict[] => {
  const { n, d, values } = points(logits);
  return Array.from({ length: n }, (_, i) => {
    const row = Array.from({ length: d }, (__, k) => values[i * d + k]!);
    const top = Math.max(...row);
    return { label: row.indexOf(top), confidence: 1 / row.reduce((sum, v) => sum + Math.exp(v - top), 0) };
  });
};

/** What counts as sure. */
export interface Sure {
  /** The least probability of the likeliest class; .9 unless given. */
  readonly level?: number;
  /** The class that each row was asked for, [n]: others do not count. */
  readonly classes?: readonly number[];
}

/**
 * The share of rows of whose class a classifier is sure. It says nothing of variety, as one sample repeated has 1, and a
 * classifier may be sure of what belongs to no class: noise, too. Asking for classes excludes that.
 * @param logits [n, classes]
 */
export const confidentShare = (logits: Samples, { level = 0.9, classes }: Sure = {}): number => {
  within('level', level, 0, 1);
  const all = verdicts(logits);
  if (classes && classes.length !== all.length) {
    reject('the number of classes', classes.length, `give one for each of the ${all.length} rows`);
  }
  const sure = all.filter(({ label, confidence }, i) => confidence >= level && (!classes || label === classes[i]));
  return sure.length / all.length;
};

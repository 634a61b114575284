import { within } from '../errors.js';
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

/**
 * The share of rows whose likeliest class has at least this probability. It says that samples look like members of a
 * class, not that they are many or new: a set with one sample repeated has 1.
 * @param logits [n, classes]
 */
export const confidentShare = (logits: Samples, level = 0.9): number => {
  within('level', level, 0, 1);
  const all = verdicts(logits);
  return all.filter(({ confidence }) => confidence >= level).length / all.length;
};

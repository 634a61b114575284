import { integer, reject } from '../errors.js';

/** One of `count` equal parts of the rows of a batch, numbered from 0. */
export interface Shard {
  readonly index: number;
  readonly count: number;
}

/** All rows. */
export const whole: Shard = { index: 0, count: 1 };

/** The same part, when there is one. @throws RangeError otherwise */
export const checkedShard = ({ index, count }: Shard): Shard => {
  integer('the number of parts', count, 1);
  return { index: integer('the part', index, 0, count - 1), count };
};

/** How many of so many rows each part has. @throws RangeError when they do not split into equal parts */
export const rowsOf = ({ count }: Shard, rows: number): number =>
  rows % count === 0
    ? rows / count
    : reject('the rows of a batch', rows, `they are split into ${count} equal parts; take a multiple of that`);

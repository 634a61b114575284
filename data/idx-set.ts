import { join } from 'node:path';
import { readChecked } from './checksum.js';
import { parseIdx } from './idx.js';
import { type ImageSet, imageSet } from './image-set.js';

const SIDE = 28;

/** The sizes of the two splits, the same for MNIST and for the sets that were made to take its place. */
const counts = { train: 60_000, test: 10_000 } as const;

export type Split = keyof typeof counts;

/** The four files, by the names that MNIST gave them. */
export const idxFiles = {
  train: { images: 'train-images-idx3-ubyte', labels: 'train-labels-idx1-ubyte' },
  test: { images: 't10k-images-idx3-ubyte', labels: 't10k-labels-idx1-ubyte' },
} as const;

/** What tells one such set from another. */
export interface IdxSource {
  /** SHA-256 of the unpacked files. */
  readonly sha256: Readonly<Record<Split, Readonly<Record<'images' | 'labels', string>>>>;
  readonly classes: readonly string[];
  /** What to do where a file is missing or wrong. */
  readonly wayOut: string;
}

/**
 * Grey images of 28×28 from a folder with the unpacked IDX files.
 * @throws where a file is missing, truncated or not the original, naming file, expected and found.
 */
export function loadIdxSet({ sha256, classes, wayOut }: IdxSource, split: Split, folder: string): ImageSet {
  const count = counts[split];
  const read = (part: 'images' | 'labels', shape: readonly number[]): Uint8Array => {
    const path = join(folder, idxFiles[split][part]);
    return parseIdx(readChecked(path, sha256[split][part], wayOut), shape, path).data;
  };
  const pixels = read('images', [count, SIDE, SIDE]);
  const labels = read('labels', [count]);
  return imageSet({ pixels, shape: [SIDE, SIDE, 1], labels, classes }, folder);
}

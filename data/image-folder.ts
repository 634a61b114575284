import { type Dirent, readdirSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { basename, join, relative, resolve, sep } from 'node:path';
import { integer } from '../lib/errors.js';
import { type Framing, imageFrom } from './image-file.js';
import { type ImageSet, imageSet } from './image-set.js';

/** A file that no image was made of. */
export interface LeftOut {
  readonly file: string;
  readonly reason: string;
}

/** A set with the files that it was made of. */
export interface FolderSet extends ImageSet {
  /** Paths inside the folder, in the order of the images. */
  readonly files: readonly string[];
  readonly leftOut: readonly LeftOut[];
}

export interface FolderOptions extends Framing {
  /** What becomes of files that are damaged or no images. Default: refuse. */
  readonly unusable?: 'refuse' | 'leave out';
}

interface Entry {
  readonly file: string;
  readonly regular: boolean;
}

const isFile = (entry: Dirent, path: string): boolean =>
  entry.isFile() || (entry.isSymbolicLink() && (statSync(path, { throwIfNoEntry: false })?.isFile() ?? false));

/** Everything in the folder that is no folder, in an order that depends on the names alone. */
function entriesOf(folder: string): Entry[] {
  let entries: Dirent[];
  try {
    entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  } catch (error) {
    throw new Error(`${folder}: cannot be read (${(error as NodeJS.ErrnoException).code}); name a folder of images`);
  }
  const found = entries.flatMap(entry => {
    if (entry.isDirectory()) return [];
    const path = join(entry.parentPath, entry.name);
    return { file: relative(folder, path).split(sep).join('/'), regular: isFile(entry, path) };
  });
  return found.sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** What tells the class of a file: its first folder, or the folder of all where no file lies deeper. */
function classesIn(folder: string, entries: readonly Entry[]): (file: string) => string {
  const flat = entries.every(({ file }) => !file.includes('/'));
  return file => {
    if (flat) return basename(resolve(folder));
    if (!file.includes('/')) throw new Error('lies in no folder of a class');
    return file.slice(0, file.indexOf('/'));
  };
}

/**
 * The PNG, JPEG and WebP images of a folder as squares of one size. The folders in it are the classes, in the order of
 * their names; what lies deeper belongs to them. A folder without folders is one class.
 * @throws where a file is damaged or no image and is not to be left out, or where no image is found, naming the files.
 */
export async function loadFolder(folder: string, options: FolderOptions): Promise<FolderSet> {
  const { channels = 3, unusable = 'refuse' } = options;
  const size = integer('size', options.size, 1);
  const entries = entriesOf(folder);
  const classOf = classesIn(folder, entries);
  const bytes = size * size * channels;
  const pixels = new Uint8Array(entries.length * bytes);
  const taken: { file: string; name: string }[] = [];
  const leftOut: LeftOut[] = [];
  const take = async ({ file, regular }: Entry): Promise<() => void> => {
    try {
      if (!regular) throw new Error('no regular file');
      const name = classOf(file);
      const image = await imageFrom(await readFile(join(folder, file)), options);
      return () => pixels.set(image, (taken.push({ file, name }) - 1) * bytes);
    } catch (error) {
      return () => leftOut.push({ file, reason: (error as Error).message });
    }
  };
  const together = 2 * availableParallelism();
  for (let from = 0; from < entries.length; from += together) {
    for (const put of await Promise.all(entries.slice(from, from + together).map(take))) put();
    if (unusable === 'refuse' && leftOut.length > 0) {
      const named = leftOut.map(({ file, reason }) => `${file} (${reason})`).join(', ');
      throw new Error(`${folder}: no use for ${named}; take that away, or pass unusable: 'leave out'`);
    }
  }
  if (taken.length === 0) throw new Error(`${folder}: no PNG, JPEG or WebP image found among ${entries.length} files`);
  const classes = [...new Set(taken.map(({ name }) => name))].sort();
  const places = new Map(classes.map((name, place) => [name, place]));
  const labels = taken.map(({ name }) => places.get(name)!);
  const kept = pixels.subarray(0, taken.length * bytes);
  const set = imageSet({ pixels: kept, shape: [size, size, channels], labels, classes }, folder);
  return { ...set, files: taken.map(({ file }) => file), leftOut };
}

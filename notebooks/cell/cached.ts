import { createHash } from 'node:crypto';
import { readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { engine } from '@tensorflow/tfjs-core';
import { machine } from '../files/machine.js';
import { projectRoot } from '../files/root.js';
import { readSealed, writeSealed } from '../files/sealed.js';
import { createDigest, TooMany } from '../files/tree.js';
import { variables } from '../files/variables.js';
import { captured } from './captured.js';
import { decode, encode, NotStorable } from './stored-value.js';

/** So many values are kept under one name. */
const KEPT = 8;
const KEY_LETTERS = 32;

/** The files that are there now. @throws NotStorable where one is newer than this process, which may have read it before. */
const filesOf = (root: string): string => {
  const digest = createDigest();
  try {
    digest.tree(root, path => path.endsWith('.ipynb'));
  } catch (error) {
    throw error instanceof TooMany ? new NotStorable(error.message) : error;
  }
  const { path, ms } = digest.newest();
  if (ms >= performance.timeOrigin) throw new NotStorable(`${path} has changed since this kernel started: restart it`);
  return digest.hex();
};

const keyOf = (root: string, name: string, inputs: unknown, make: (inputs: never) => unknown): string => {
  const about = [...machine(), engine().backendName];
  const parts = [name, about, variables(process.env).told, filesOf(root), captured(make), encode(inputs, 'inputs')];
  return createHash('sha256').update(encode(parts)).digest('hex').slice(0, KEY_LETTERS);
};

/** What the file holds; undefined where there is none, or not a whole one. */
const read = (file: string): { readonly value: unknown } | undefined => {
  try {
    const body = readSealed(file);
    return body && { value: decode(body) };
  } catch {
    return undefined;
  }
};

/** Takes away the oldest values of this name. */
const tidyUp = (folder: string, stem: string): void => {
  const mine = readdirSync(folder).filter(file => file.startsWith(`${stem}-`) && file.length === stem.length + 39);
  const times = mine.map(file => ({ file, ms: statSync(join(folder, file), { throwIfNoEntry: false })?.mtimeMs ?? 0 }));
  for (const { file } of times.sort((a, b) => b.ms - a.ms).slice(KEPT)) rmSync(join(folder, file), { force: true });
};

export interface CachedOptions {
  /** The project whose files make the value, and whose `.cache/values` keeps it. */
  readonly root?: string;
  /** Told, in one line, why a value is not kept. */
  readonly say?: (line: string) => void;
}

/**
 * What `make(inputs)` gives, or has given before: kept in `.cache/values`, until the inputs, the text of `make`, the
 * values of cells' variables that it uses, a file of the project or of its packages, an environment variable, the
 * backend or Node are others.
 *
 *   const paths = await cached('paths', { seed, steps }, ({ seed, steps }) => simulate(seed, steps));
 *
 * What cannot be compared, such as a closure or an instance of a class that `make` uses, or cannot be kept, such as a
 * network among its values, makes it run every time, and say why. The clock, chance, the network, files elsewhere
 * and what modules remember are not looked at: what they give belongs to the inputs. What `make` prints is printed when it runs. A run that is cut off keeps nothing.
 */
export const cached = async <I, T>(
  name: string,
  inputs: I,
  make: (inputs: I) => T | Promise<T>,
  { root = projectRoot(), say = console.log }: CachedOptions = {},
): Promise<T> => {
  const doubt = (error: unknown): void => {
    if (!(error instanceof NotStorable)) throw error;
    say(`“${name}” is not cached: ${error.message}`);
  };
  const stem = name.replace(/[^\p{L}\p{N}]+/gu, '-') || 'value';
  const folder = join(root, '.cache', 'values');
  let key: string;
  try {
    key = keyOf(root, name, inputs, make);
  } catch (error) {
    doubt(error);
    return make(inputs);
  }
  const file = join(folder, `${stem}-${key}.value`);
  const found = read(file);
  if (found) return found.value as T;
  const value = await make(inputs);
  try {
    const body = encode(value);
    // What has changed while it was made leaves it in doubt.
    if (keyOf(root, name, inputs, make) !== key)
      throw new NotStorable('something that it depends on changed meanwhile');
    writeSealed(file, body);
    tidyUp(folder, stem);
  } catch (error) {
    doubt(error);
  }
  return value;
};

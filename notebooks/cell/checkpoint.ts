import { renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { loadArchive, saveArchive } from '../../data/archive.js';
import type { Archive, Decoded } from '../../lib/train/safetensors.js';
import { claim } from '../files/claim.js';
import { fingerprint, type Origin } from '../files/fingerprint.js';
import { projectRoot } from '../files/root.js';

/** The file from which a training that was cut off goes on: this run's alone, and taken only from its like. */
export interface Checkpoint {
  /** Its path from the project's root. */
  readonly path: string;
  /** What was saved last; undefined where there is nothing, or where something else has made it. */
  load(): Archive | undefined;
  save(archive: Archive): void;
  /** Saves beside it, in `NAME.best.safetensors`, unless an earlier part of the run had a figure as low; true if saved. */
  saveBest(figure: number, archive: Archive): boolean;
  /** What `saveBest` saved last, with its figure in the metadata as `best`. */
  loadBest(): Archive | undefined;
  /** Where the last good state is, in words; for the trainer's error. */
  lastGood(): string;
  /** Ends it: the file goes, and others may have the path. */
  remove(): void;
}

/**
 * Opens `.cache/NAME.safetensors`. It carries the fingerprint of what makes it: the notebook's code up to the cell that
 * calls this function, the modules behind that code, and `made`. After a change of any of them an old file is put
 * aside, because a training that goes on from it would prove nothing about what is there now. Where another living
 * process trains into the file, this one has a file of its own.
 */
export function openCheckpoint(
  name: string,
  { notebook, made }: Pick<Origin, 'notebook' | 'made'>,
  { root = projectRoot(), say = console.log as (line: string) => void } = {},
): Checkpoint {
  const mark = fingerprint(root, { notebook, made, until: 'openCheckpoint(' });
  const first = join('.cache', `${name}.safetensors`);
  const { path: file, release } = claim(join(root, first));
  const path = file.slice(join(root, '/').length);
  const bestFile = file.replace(/\.safetensors$/, '.best.safetensors');
  const own = (found: Decoded | undefined) =>
    found?.checked && found.metadata.fingerprint === mark ? found : undefined;
  let good = 'the start: nothing has been saved yet';
  const note = ({ metadata }: Archive): void => {
    good = `${path}, step ${metadata.steps ?? 'unknown'}`;
  };
  const write = (to: string, { tensors, metadata }: Archive) =>
    saveArchive(to, { tensors, metadata: { ...metadata, fingerprint: mark } });
  if (path !== first) say(`another run has ${first}; this one keeps its checkpoint in ${path}`);
  return {
    path,
    load() {
      const found = loadArchive(file);
      if (found === undefined) return undefined;
      if (own(found)) {
        note(found);
        return found;
      }
      renameSync(file, `${file}.aside`);
      say(`${path} was made by other code or settings: put aside as ${path}.aside, training starts anew`);
      return undefined;
    },
    save: archive => {
      write(file, archive);
      note(archive);
    },
    lastGood: () => good,
    saveBest(figure, archive) {
      const before = Number(own(loadArchive(bestFile))?.metadata.best ?? Number.POSITIVE_INFINITY);
      if (!(figure < before)) return false;
      write(bestFile, { ...archive, metadata: { ...archive.metadata, best: String(figure) } });
      return true;
    },
    loadBest: () => own(loadArchive(bestFile)),
    remove() {
      for (const each of [file, bestFile]) rmSync(each, { force: true });
      release();
    },
  };
}

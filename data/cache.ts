import { join } from 'node:path';
import { projectRoot } from '../notebooks/files/root.js';

// tsnb: pinned — what is kept there is held to a SHA-256 of the sources.

/** Where a set that was fetched is kept: the path inside `.cache`, which `make clean` empties. */
export const cacheFolder = (name: string): string => join(projectRoot(), '.cache', 'data', name);

import { join } from 'node:path';
import { projectRoot } from '../notebooks/files/root.js';

/** Where a set that was fetched is kept: the path inside `.cache`, which `make clean` empties. */
export const cacheFolder = (name: string): string => join(projectRoot(), '.cache', 'data', name);

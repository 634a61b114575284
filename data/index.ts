export { loadArchive, saveArchive } from './archive.js';
export { writeAtomic } from './atomic.js';
export { type Checkpoint, openCheckpoint } from './checkpoint.js';
export type { Digits } from './mnist.js';
export { loadMnist, toCentered } from './mnist.js';
export { checkerboard, ring, swissRoll, twoMoons } from './points.js';

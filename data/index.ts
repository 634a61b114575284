export { loadArchive, saveArchive } from './archive.js';
export type { Digits } from './mnist.js';
export { loadMnist, toCentered } from './mnist.js';
export { checkerboard, ring, swissRoll, twoMoons } from './points.js';

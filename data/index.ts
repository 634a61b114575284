export { loadArchive, saveArchive } from './archive.js';
export { type Cifar10Options, loadCifar10 } from './cifar10.js';
export { type FashionMnistOptions, loadFashionMnist } from './fashion-mnist.js';
export { type FolderOptions, type FolderSet, loadFolder } from './image-folder.js';
export type { ImageSet } from './image-set.js';
export { loadMnist } from './mnist.js';
export { checkerboard, ring, swissRoll, twoMoons } from './points.js';
export { toCentered } from './scale.js';

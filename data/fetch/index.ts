export { explain } from './disk.js';
export { fetchFile, type Patience, type RemoteFile } from './file.js';
export { fetchPackaged, type PackagedFiles } from './package.js';
export { readTar } from './tar.js';
export { inTurn } from './turn.js';

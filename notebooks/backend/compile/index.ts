export { type Compiled, type CompileOptions, compile, type Specialisation } from './compile.js';
export type { Mode } from './fallback.js';
export { deviceRng } from './random.js';

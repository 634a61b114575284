export { type Compiled, type CompileOptions, compile, type Specialisation } from './compile.js';
export type { Mode } from './fallback.js';
export { compileFlow } from './flow.js';
export { parallel } from './parallel.js';
export { allowTensorFloat32 } from './precision.js';
export { deviceRng } from './random.js';
export { type CompiledSampler, compileSampler, type SamplerOptions } from './sampler.js';

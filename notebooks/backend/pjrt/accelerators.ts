import type { ClientOption } from './addon.js';

/** A kind of device, and where its plugin comes from. */
export interface Accelerator {
  /** The Python package that has the plugin's library. */
  readonly distribution: string;
  /** Options of its client; the plugin refuses those that it does not know. */
  readonly options: readonly ClientOption[];
}

/** A share of the GPU's memory at most, taken as it is needed, so that others find room beside it. */
const gpu: readonly ClientOption[] = [
  { name: 'preallocate', type: 'bool', value: false },
  { name: 'memory_fraction', type: 'float', value: 0.9 },
];

export const accelerators = {
  cuda13: { distribution: 'jax-cuda13-pjrt', options: gpu },
  cuda12: { distribution: 'jax-cuda12-pjrt', options: gpu },
  rocm: { distribution: 'jax-rocm7-pjrt', options: gpu },
  oneapi: { distribution: 'jax-oneapi-pjrt', options: [] },
  tpu: { distribution: 'libtpu', options: [] },
  metal: { distribution: 'jax-mps', options: [] },
  cpu: { distribution: 'xla-cpu-pjrt', options: [] },
} as const satisfies Readonly<Record<string, Accelerator>>;

export type AcceleratorName = keyof typeof accelerators;

export const acceleratorNames = Object.keys(accelerators) as AcceleratorName[];

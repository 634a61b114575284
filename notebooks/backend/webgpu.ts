import { spawnSync } from 'node:child_process';
import * as tf from '@tensorflow/tfjs-core';
import { requireFromRoot } from '../files/root.js';
import { registerGradients } from './cpu.js';
import type { Candidate } from './types.js';

interface Dawn {
  create(options: string[]): GpuEntry;
  readonly globals: object;
}
interface GpuEntry {
  requestAdapter(): Promise<{
    readonly info: {
      readonly description: string;
      readonly vendor: string;
      readonly architecture: string;
      readonly isFallbackAdapter?: boolean;
    };
  } | null>;
}

/** Dawn warns on stderr where the loader of Vulkan is missing; the report says the same in one line. */
function checkVulkanLoader(): void {
  if (process.platform !== 'linux') return;
  const listed = spawnSync('ldconfig', ['-p'], { encoding: 'utf8', env: { PATH: '/sbin:/usr/sbin:/bin:/usr/bin' } });
  if (listed.status === 0 && !listed.stdout.includes('libvulkan.so'))
    throw new Error('no Vulkan loader (libvulkan.so.1)');
}

const loadDawn = (): Dawn => {
  try {
    return requireFromRoot('webgpu') as Dawn;
  } catch {
    throw new Error('the optional package webgpu is not installed (npm install webgpu@0.6.2)');
  }
};

/** The GPU through Dawn and Vulkan, Metal or D3D12. Software adapters are refused: WebAssembly is far faster. */
export const webgpu = (allowSoftware: boolean): Candidate => ({
  name: 'webgpu',
  start: async () => {
    checkVulkanLoader();
    const dawn = loadDawn();
    Object.assign(globalThis, dawn.globals);
    const gpu = dawn.create([]);
    const adapter = await gpu.requestAdapter();
    if (adapter === null) throw new Error('no WebGPU adapter (no Vulkan, Metal or D3D12 driver answers)');
    const { description, vendor, architecture, isFallbackAdapter } = adapter.info;
    const device = description || `${vendor} ${architecture}`.trim() || 'GPU';
    const software = isFallbackAdapter === true || /swiftshader|llvmpipe|software/i.test(`${device} ${architecture}`);
    if (software && !allowSoftware) throw new Error(`the only adapter is software (${device})`);
    Object.defineProperty(globalThis, 'navigator', { value: { gpu }, configurable: true, writable: true });
    registerGradients();
    requireFromRoot('@tensorflow/tfjs-backend-webgpu');
    if (!(await tf.setBackend('webgpu'))) throw new Error('tfjs-backend-webgpu did not start');
    return { device, versions: { 'tfjs-backend-webgpu': tf.version_core } };
  },
});

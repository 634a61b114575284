import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import util from 'node:util';
import * as tf from '@tensorflow/tfjs-core';
import { projectRoot, requireFromRoot } from '../files/root.js';
import { readOutcome } from '../setup/stage.js';
import { loadQuietly } from './quiet.js';
import type { BackendDetails, Candidate } from './types.js';

/** The part of tfjs-node's backend object that tells what it runs on. */
interface NativeBackend {
  readonly isUsingGpuDevice: boolean;
  readonly binding: { readonly TF_Version: string };
}

/** tfjs-node 4.22 calls two helpers that Node 23 took away. */
function restoreUtil(): void {
  const legacy = util as unknown as Record<string, unknown>;
  legacy.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  legacy.isArray ??= Array.isArray;
}

function sitePackages(): string {
  const lib = join(projectRoot(), '.venv', 'lib');
  const python = existsSync(lib) ? readdirSync(lib).find(name => name.startsWith('python')) : undefined;
  return join(lib, python ?? '', 'site-packages');
}

/** XLA looks for libdevice and ptxas beside itself; NVIDIA's wheels keep them in a folder of their own. */
function pointXlaAtCuda(): void {
  const folder = join(sitePackages(), 'nvidia', 'cuda_nvcc');
  if (existsSync(folder)) process.env.XLA_FLAGS ??= `--xla_gpu_cuda_data_dir=${folder}`;
}

/** Name, driver and CUDA runtime of the first NVIDIA GPU: the driver's own tool and the folder of the wheel tell them. */
function describeGpu(): { device: string; driver: string; cuda: string } {
  const query = ['--query-gpu=name,driver_version', '--format=csv,noheader'];
  const line = execFileSync('nvidia-smi', query, { encoding: 'utf8' }).split('\n')[0] ?? '';
  const [device = 'GPU', driver = 'unknown'] = line.split(',').map(part => part.trim());
  const runtime = readdirSync(sitePackages()).find(name => name.startsWith('nvidia_cuda_runtime'));
  return { device, driver, cuda: /-([\d.]+)\.dist-info/.exec(runtime ?? '')?.[1] ?? 'unknown' };
}

function details(): BackendDetails {
  const { isUsingGpuDevice, binding } = tf.backend() as unknown as NativeBackend;
  const versions = { TensorFlow: binding.TF_Version, 'tfjs-node': tf.version_core };
  if (!isUsingGpuDevice) return { device: 'CPU', versions };
  const { device, driver, cuda } = describeGpu();
  return { device, versions: { ...versions, 'NVIDIA driver': driver, CUDA: cuda } };
}

/** What the set-up could not do, so that the report names the missing compiler rather than a missing file. */
function setupFailure(): string | undefined {
  for (const stage of ['tensorflow', 'tensorflow-binding']) {
    const outcome = readOutcome(projectRoot(), stage);
    if (outcome === undefined) return 'not set up; make notebooks does it';
    if (!outcome.ready) return outcome.note;
  }
  return undefined;
}

/** TensorFlow through tfjs-node's add-on, compiled by the set-up. GPU where CUDA finds one, else CPU. */
export const tensorflow: Candidate = {
  name: 'tensorflow',
  start: async () => {
    process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
    process.env.TF_FORCE_GPU_ALLOW_GROWTH ??= 'true';
    // compiled programs of parallel parts have a context of their own, with fewer threads than this one
    process.env.TF_OVERRIDE_GLOBAL_THREADPOOL ??= 'true';
    pointXlaAtCuda();
    restoreUtil();
    const missing = setupFailure();
    if (missing !== undefined) throw new Error(missing);
    loadQuietly(() => requireFromRoot('@tensorflow/tfjs-node-gpu'));
    await tf.setBackend('tensorflow');
    return details();
  },
};

import { cpus, totalmem } from 'node:os';
import { cpu } from './cpu.js';
import { nativeBackend } from './graph/binding.js';
import type { AcceleratorName } from './pjrt/accelerators.js';
import { acceleratorNamed, startAccelerator } from './pjrt/choose.js';
import { tensorflow } from './tensorflow.js';
import {
  type AcceleratorNote,
  type BackendName,
  type BackendReport,
  backendNames,
  type Candidate,
  type Rejection,
} from './types.js';
import { wasm } from './wasm.js';
import { webgpu } from './webgpu.js';

const message = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** Best first. A forced backend is tried alone, and then a software WebGPU adapter is what was asked for. */
function candidates(forced: BackendName | undefined): Candidate[] {
  const all = [tensorflow, webgpu(forced === 'webgpu'), wasm, cpu];
  return forced === undefined ? all : all.filter(candidate => candidate.name === forced);
}

function parseName(name: string): BackendName | undefined {
  if (name === '') return undefined;
  const known = backendNames.find(candidate => candidate === name);
  if (known === undefined) throw new Error(`BACKEND=${name} is not known; choose one of ${backendNames.join(', ')}`);
  return known;
}

/** Compiled functions are traced on TensorFlow, and then run by it or on the device that was asked for. */
function accelerate(wanted: AcceleratorName | undefined): AcceleratorNote | undefined {
  const started = startAccelerator(nativeBackend(), wanted);
  if (started === undefined) return undefined;
  const { name } = started;
  if ('refused' in started) return { name, works: false, said: `${started.refused}; TensorFlow runs them` };
  return { name, works: true, said: `on ${started.device} through ${started.plugin} (${started.why})` };
}

/**
 * Makes the best backend that works here the active one and reports the choice.
 * @param name one of `backendNames` to force it, '' for the best; default: the environment variable BACKEND.
 * @param accelerator one of cuda13, cuda12, rocm, oneapi, tpu, metal and cpu for compiled functions to run there, '' or
 * none for TensorFlow; default: the environment variable ACCELERATOR. One that does not start is no error: the report
 * says why.
 * @throws where a forced backend does not start, with its reason, and for names that are not known.
 */
export async function startBackend(
  name: string = process.env.BACKEND ?? '',
  accelerator: string = process.env.ACCELERATOR ?? '',
): Promise<BackendReport> {
  const forced = parseName(name);
  const wanted = acceleratorNamed(accelerator);
  const rejected: Rejection[] = [];
  for (const candidate of candidates(forced)) {
    try {
      const details = await candidate.start();
      const accelerated = accelerate(wanted);
      const processor = cpus()[0]?.model.trim() ?? 'unknown';
      const memoryGiB = Math.round(totalmem() / 2 ** 30);
      return {
        backend: candidate.name,
        node: process.version,
        processor,
        cores: cpus().length,
        memoryGiB,
        rejected,
        ...(accelerated && { accelerator: accelerated }),
        ...details,
      };
    } catch (error) {
      rejected.push({ backend: candidate.name, why: message(error) });
    }
  }
  const reasons = rejected.map(({ backend, why }) => `${backend}: ${why}`).join('; ');
  throw new Error(`no backend started — ${reasons}`);
}

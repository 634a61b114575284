import { cpus, totalmem } from 'node:os';
import { cpu } from './cpu.js';
import { tensorflow } from './tensorflow.js';
import { type BackendName, type BackendReport, backendNames, type Candidate, type Rejection } from './types.js';
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

/**
 * Makes the best backend that works here the active one and reports the choice.
 * @param name one of `backendNames` to force it, '' for the best; default: the environment variable BACKEND.
 * @throws where a forced backend does not start, with its reason.
 */
export async function startBackend(name: string = process.env.BACKEND ?? ''): Promise<BackendReport> {
  const forced = parseName(name);
  const rejected: Rejection[] = [];
  for (const candidate of candidates(forced)) {
    try {
      const details = await candidate.start();
      const processor = cpus()[0]?.model.trim() ?? 'unknown';
      const memoryGiB = Math.round(totalmem() / 2 ** 30);
      return {
        backend: candidate.name,
        node: process.version,
        processor,
        cores: cpus().length,
        memoryGiB,
        rejected,
        ...details,
      };
    } catch (error) {
      rejected.push({ backend: candidate.name, why: message(error) });
    }
  }
  const reasons = rejected.map(({ backend, why }) => `${backend}: ${why}`).join('; ');
  throw new Error(`no backend started — ${reasons}`);
}

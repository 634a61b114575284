import type { Json } from '../jupyter/wire.js';
import { collector } from './collector.js';
import type { Listener } from './jupyter-client.js';
import type { Provenance } from './record/result-types.js';
import type { RunningKernel } from './running-kernel.js';

/** Work that a cell did not await may keep the process busy for a while. */
const LIMIT_MS = 60_000;

/** Code that tells about the process, valid in JavaScript kernels as well but for the type. */
const CODE = `console.log(JSON.stringify({
  tsnb: 1,
  rss: process.resourceUsage().maxRSS,
  backend: (globalThis as unknown as { _tfengine?: { backendName?: string } })._tfengine?.backendName,
}));`;

export interface Answer extends Pick<Provenance, 'backend' | 'peakMemory'> {
  /** Why what the cells left behind may not have arrived. */
  readonly lost?: string;
}

/** Asks the process about itself. It also is a barrier: whatever cells left behind has been sent when it ends. */
export const inquire = async (kernel: RunningKernel): Promise<Answer> => {
  const collected = collector();
  const listener: Listener = (type, content) => collected.add({ type, content });
  const ending = await kernel.execute(CODE, LIMIT_MS, listener, true);
  if (ending.kind !== 'complete') {
    return { lost: ending.kind === 'died' ? ending.how : 'the kernel did not answer any more after the last cell' };
  }
  const text = collected.outputs.map(o => (o.output_type === 'stream' ? o.text : '')).join('');
  const line = text.split('\n').find(each => each.startsWith('{"tsnb"'));
  const { rss, backend } = (line ? JSON.parse(line) : {}) as { rss?: number; backend?: string };
  return { ...(rss && { peakMemory: rss * 1024 }), ...(backend && { backend }) };
};

/** The kernel's and its language's names and versions. */
export const kernelName = (info: Json): string => {
  const { name, version } = (info.language_info ?? {}) as { name?: string; version?: string };
  const own = [info.implementation, info.implementation_version].filter(Boolean).join(' ');
  const language = [name, version].filter(Boolean).join(' ');
  return language ? `${own} (${language})` : own;
};

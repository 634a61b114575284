import type { Json } from '../wire.js';
import { collector } from './outputs.js';
import type { Provenance } from './result-types.js';
import type { Session } from './session.js';

/** Code that tells about the process, valid in JavaScript kernels as well but for the type. */
const CODE = `console.log(JSON.stringify({
  tsnb: 1,
  rss: process.resourceUsage().maxRSS,
  backend: (globalThis as unknown as { _tfengine?: { backendName?: string } })._tfengine?.backendName,
}));`;

/** Asks the process about itself. It also is a barrier: whatever cells left behind has been sent when it ends. */
export const inquire = async (session: Session): Promise<Pick<Provenance, 'backend' | 'peakMemory'>> => {
  const collected = collector();
  await session.execute(CODE, 10_000, (type, content) => collected.add({ type, content }), true);
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

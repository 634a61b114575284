import type { Json } from '../jupyter/wire.js';
import { collector, type OutputMessage } from './collector.js';
import type { Listener } from './jupyter-client.js';
import type { Provenance } from './record/result-types.js';
import type { RunningKernel } from './running-kernel.js';
import { errorOf, isLost } from './verdict.js';

/** Work that a cell did not await may keep the process busy for a while. */
const LIMIT_MS = 60_000;
/** So long may the last cell's timers and requests take until their errors are not waited for any more. */
const GRACE_MS = 1000;
const BEGIN = '{"tsnb":';

/**
 * Code that tells about the process, valid in JavaScript kernels as well but for the types. It waits only where the
 * process has something to wait for, and its own timer is none of that.
 */
const CODE = `{
  const { getActiveResourcesInfo: resources } = process as unknown as { getActiveResourcesInfo?(): string[] };
  const waits = () => (resources?.() ?? []).some(name => /^(Timeout|Immediate|ProcessWrap|T\\\\w+Wrap)$|Req/.test(name));
  const end = Date.now() + ${GRACE_MS};
  await new Promise<void>(done => {
    const look = () => {
      if (!waits() || Date.now() > end) return done();
      (setTimeout(look, 10) as unknown as { unref?(): void }).unref?.();
    };
    look();
  });
  type Backend = { binding?: { TF_Version?: string }; isUsingGpuDevice?: boolean };
  type Engine = { backendName?: string; backendInstance?: Backend };
  const { backendName, backendInstance = {} } = (globalThis as unknown as { _tfengine?: Engine })._tfengine ?? {};
  const { user, system } = process.cpuUsage();
  const tensorflow = (backendInstance.binding ?? {}).TF_Version;
  console.log(JSON.stringify({
    tsnb: 1,
    rss: process.resourceUsage().maxRSS,
    cpuSeconds: (user + system) / 1e6,
    backend: backendName,
    tensorflow,
    device: tensorflow === undefined ? undefined : backendInstance.isUsingGpuDevice ? 'GPU' : 'CPU',
  }));
}`;

export interface Answer extends Omit<Provenance, 'kernel'> {
  /** What the last cell showed after its end. */
  readonly late?: readonly OutputMessage[];
  /** Why what the cells left behind may not have arrived. */
  readonly lost?: string;
}

/** What came beside the answer: a kernel that does not understand the question may say anything. */
const beside = (messages: readonly OutputMessage[]): OutputMessage[] =>
  messages.flatMap(({ type, content }) => {
    if (type !== 'stream') return type === 'error' || type === 'display_data' ? [{ type, content }] : [];
    const lines = String(content.text).split(/(?<=\n)/);
    const text = lines.filter(line => !line.startsWith(BEGIN)).join('');
    return text === '' ? [] : [{ type, content: { ...content, text } }];
  });

/** Asks the process about itself. It also is a barrier: whatever cells left behind has been sent when it ends. */
export const inquire = async (kernel: RunningKernel): Promise<Answer> => {
  const messages: OutputMessage[] = [];
  const collected = collector();
  const listener: Listener = (type, content) => {
    messages.push({ type, content });
    collected.add({ type, content });
  };
  const ending = await kernel.execute(CODE, LIMIT_MS, listener, true);
  if (ending.kind !== 'complete') {
    return { lost: ending.kind === 'died' ? ending.how : 'the kernel did not answer any more after the last cell' };
  }
  const error = errorOf(collected.outputs);
  if (error && isLost(error)) return { lost: error.evalue };
  const text = collected.outputs.map(o => (o.output_type === 'stream' ? o.text : '')).join('');
  const line = text.split('\n').find(each => each.startsWith(BEGIN));
  if (line === undefined) return {};
  const { tsnb: _, rss, ...about } = JSON.parse(line) as { tsnb: number; rss?: number } & Omit<Provenance, 'kernel'>;
  return { late: beside(messages), ...(rss && { peakMemory: rss * 1024 }), ...about };
};

/** The kernel's and its language's names and versions. */
export const kernelName = (info: Json): string => {
  const { name, version } = (info.language_info ?? {}) as { name?: string; version?: string };
  const own = [info.implementation, info.implementation_version].filter(Boolean).join(' ');
  const language = [name, version].filter(Boolean).join(' ');
  return language ? `${own} (${language})` : own;
};

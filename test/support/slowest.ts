import { relative, resolve } from 'node:path';
import type { TestEvent } from 'node:test/reporters';

const SHOWN = 10;

/** A reporter that names the files which took longest, from the start of their process to its end. */
export async function* slowest(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const files: { readonly name: string; readonly seconds: number }[] = [];
  for await (const { type, data } of events) {
    if (type !== 'test:complete' || data.nesting > 0 || data.file !== resolve(data.name)) continue;
    files.push({ name: relative('', data.file), seconds: data.details.duration_ms / 1000 });
  }
  files.sort((a, b) => b.seconds - a.seconds);
  const lines = files.slice(0, SHOWN).map(({ name, seconds }) => `${seconds.toFixed(1).padStart(8)} s  ${name}`);
  yield `\nSlowest files:\n${lines.join('\n')}\n`;
}

import type { TestEvent } from 'node:test/reporters';

/**
 * A reporter that names and counts the tests that were left out and why, so that a pass never hides what was not
 * looked at.
 */
export async function* leftOut(events: AsyncIterable<TestEvent>): AsyncGenerator<string> {
  const skipped: string[] = [];
  for await (const { type, data } of events) {
    if (type !== 'test:pass' || data.skip === undefined) continue;
    skipped.push(`  ${data.name}${typeof data.skip === 'string' ? `: ${data.skip}` : ''}`);
  }
  yield skipped.length === 0 ? '\nNothing was left out.\n' : `\nLeft out (${skipped.length}):\n${skipped.join('\n')}\n`;
}

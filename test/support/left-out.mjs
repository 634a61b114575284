// Plain JavaScript, because Node loads reporters before the hooks that understand TypeScript.

/**
 * A reporter that names the tests that were left out and why, so that a pass never hides what was not looked at.
 * @param {AsyncIterable<import('node:test/reporters').TestEvent>} events
 */
export default async function* leftOut(events) {
  const skipped = [];
  for await (const event of events) {
    if (event.type !== 'test:pass' || event.data.skip === undefined) continue;
    const { name, skip } = event.data;
    skipped.push(`  ${name}${typeof skip === 'string' ? `: ${skip}` : ''}`);
  }
  yield skipped.length === 0 ? '\nNothing was left out.\n' : `\nLeft out:\n${skipped.join('\n')}\n`;
}

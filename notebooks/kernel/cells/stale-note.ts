import type { Bundle } from '../link/protocol.js';

/** What is shown above the output of a cell that reads what a fresh run would not give: one quiet line. */
export const staleNote = (stale: string): Bundle => {
  const text = `not as in a fresh run: ${stale}`;
  const html = `<small style="opacity: 0.7">${escaped(text)}</small>`;
  return { data: { 'text/plain': text, 'text/html': html }, metadata: {} };
};

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

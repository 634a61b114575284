import type { CompilerClient } from '../compiler/compiler-client.js';
import { toUtf16, wordAt } from './cursor.js';
import type { Json } from './wire.js';

/** inspect_request → inspect_reply: the type and the documentation of the name at the cursor. */
export const inspectName = async (compiler: CompilerClient, content: Json): Promise<Json> => {
  const code = String(content.code ?? '');
  const cursor = toUtf16(code, Number(content.cursor_pos ?? Number.POSITIVE_INFINITY));
  const { start, end } = wordAt(code, calledAt(code, cursor));
  const found = start < end ? await compiler.inspect(code, start) : undefined;
  if (!found) return notFound();
  const { signature, documentation } = found;
  const plain = [signature, documentation].filter(part => part !== '').join('\n\n');
  // Each tag on a line of its own.
  const told = documentation.replaceAll(/\n(?=@)/g, '  \n');
  const markdown = [`\`\`\`typescript\n${signature}\n\`\`\``, told].join('\n\n').trim();
  return { status: 'ok', found: true, data: { 'text/plain': plain, 'text/markdown': markdown }, metadata: {} };
};

export const notFound = (): Json => ({ status: 'ok', found: false, data: {}, metadata: {} });

/** Inside the parentheses of a call, between words, the function is what is asked about. */
const calledAt = (code: string, cursor: number): number => {
  const { start, end } = wordAt(code, cursor);
  if (start < end) return cursor;
  let depth = 0;
  for (let at = cursor - 1; at >= 0; at--) {
    if (code[at] === ')') depth++;
    if (code[at] === '(' && depth-- === 0) return at;
  }
  return cursor;
};

import { createRequire } from 'node:module';
import type { Bundle, DisplayType } from '../../link/protocol.js';

/**
 * How a library shows something in a notebook. Two global symbols, nothing to import:
 *
 * 1. A value with a method `[Symbol.for('Jupyter.display')]()` that returns a MIME bundle, or a promise of one:
 *    as the last expression of a cell it becomes the execute_result. (Deno's kernel asks for the same method.)
 *    A property `metadata` beside it, by MIME type, goes along.
 *
 *      class Figure {
 *        metadata = { 'image/png': { width: 640, height: 480 } };
 *        [Symbol.for('Jupyter.display')]() {
 *          return { 'image/png': base64, 'text/plain': 'Figure 640×480' };
 *        }
 *      }
 *
 * 2. `globalThis[Symbol.for('Jupyter.emit')](type, content)` sends a message at once, from anywhere in a cell:
 *
 *      emit('display_data', { data: { 'image/png': base64, 'application/vnd.plotly.v1+json': figure }, metadata: {} })
 *      emit('display_data', { data, metadata: {}, transient: { display_id: 'loss' } })
 *      emit('update_display_data', { data, metadata: {}, transient: { display_id: 'loss' } })
 *      emit('clear_output', { wait: true })
 *
 *    `content` is that of the Jupyter message. Binary data (a Uint8Array in `data`) is sent as base64.
 *    Outside a notebook the symbol is undefined, which is how a library finds out.
 *
 * tslab's `display` (`import { display } from 'tslab'`) goes through the same door.
 */
export type Emit = (type: DisplayType, content: Bundle) => void;

export const DISPLAY = Symbol.for('Jupyter.display');
export const EMIT = Symbol.for('Jupyter.emit');

/** Fills in the fields that the protocol requires, and turns bytes into base64. */
export const displayContent = (type: DisplayType, content: Bundle): Bundle => {
  if (type === 'clear_output') return { wait: content.wait === true };
  const { data, metadata = {}, transient } = content;
  const kept = Object.entries((transient as object | undefined) ?? {}).filter(([, value]) => value !== undefined);
  return {
    data: encodeData((data as Bundle | undefined) ?? {}),
    metadata,
    ...(kept.length > 0 ? { transient: Object.fromEntries(kept) } : {}),
  };
};

export const encodeData = (data: Bundle): Bundle =>
  Object.fromEntries(
    Object.entries(data).map(([mime, value]) => [
      mime,
      value instanceof Uint8Array ? Buffer.from(value).toString('base64') : value,
    ]),
  );

/**
 * tslab's display API writes through a variable of tslab/dist/jupyter.js. That module and the compiler behind it
 * (0.3 s) belong to tslab's own kernel, so the module cache holds a stand-in for both before tslab is loaded.
 */
export const serveTslab = (emit: Emit, from: string): void => {
  const require = createRequire(from);
  const standIn = (name: string, exports: unknown) => {
    const path = require.resolve(name, { paths: [packageOf(require)] });
    require.cache[path] = { id: path, filename: path, loaded: true, exports } as NodeJS.Module;
  };
  const lastWriteDisplayData = (content: Bundle, update: boolean) =>
    emit(update ? 'update_display_data' : 'display_data', content);
  standIn('tslab/dist/jupyter.js', { lastWriteDisplayData });
  const { version } = require(
    require.resolve('@tslab/typescript-for-tslab/package.json', { paths: [packageOf(require)] }),
  ) as { version: string };
  standIn('@tslab/typescript-for-tslab', { version });
};

const packageOf = (require: NodeJS.Require): string => require.resolve('tslab').replace(/dist\/[^/]*$/, '');

import { randomUUID } from 'node:crypto';
import { createRequire } from 'node:module';
import { resolve } from 'node:path';
import { writeAtomic } from '../files/atomic.js';
import { DISPLAY, type Figure, type MimeBundle } from './types.js';

/** Sends a message of the running cell; the project's kernel provides it. */
type Emit = (
  type: 'display_data' | 'update_display_data',
  content: { data: MimeBundle; metadata: unknown; transient: object },
) => void;

/** What can be shown. */
type Shown = Pick<Figure, typeof DISPLAY | 'metadata'>;

interface TslabPublic {
  readonly display: { raw(type: string, data: string): void };
}

const kernelEmit = (): Emit | undefined =>
  (globalThis as { [name: symbol]: unknown })[Symbol.for('Jupyter.emit')] as Emit | undefined;

/** tslab's display, where tslab runs this process: only the copy that it has loaded itself is connected. */
const tslabDisplay = (): TslabPublic['display'] | undefined => {
  const loaded = createRequire(resolve('package.json')).cache;
  const kernel = Object.keys(loaded).find(path => /[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(path));
  return kernel === undefined ? undefined : (createRequire(kernel)('./public.js') as TslabPublic).display;
};

/**
 * Shows a figure as one output of the running cell. Under tslab, which sends one type an output, the PNG; in a
 * process that is no kernel there is nobody to show it to: use `save`.
 */
export const show = async (fig: Shown): Promise<void> => {
  const emit = kernelEmit();
  if (emit) {
    emit('display_data', { data: await fig[DISPLAY](), metadata: fig.metadata, transient: {} });
    return;
  }
  const display = tslabDisplay();
  if (display) display.raw('image/png', String((await fig[DISPLAY]())['image/png']));
};

/**
 * One output of the running cell in which each figure replaces the one before. Undefined where outputs cannot be
 * replaced: under tslab, and in a process that is no kernel.
 */
export const replaceable = (): ((fig: Shown) => Promise<void>) | undefined => {
  const emit = kernelEmit();
  if (!emit) return undefined;
  const transient = { display_id: randomUUID() };
  let type: 'display_data' | 'update_display_data' = 'display_data';
  return async fig => {
    const data = await fig[DISPLAY]();
    emit(type, { data, metadata: fig.metadata, transient });
    type = 'update_display_data';
  };
};

/** Writes the figure to `path`, as SVG where the name ends so and as PNG otherwise; a reader never sees half a file. */
export const save = async (fig: Pick<Figure, 'svg' | 'png'>, path: string): Promise<void> => {
  writeAtomic(path, path.endsWith('.svg') ? await fig.svg() : await fig.png());
};

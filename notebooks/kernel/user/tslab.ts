import { randomUUID } from 'node:crypto';
import { EMIT, type Emit } from './show/display.js';

/** tslab's display functions, for cells of a project without tslab. Their types are in compiler/ambient.ts. */
const MIME_TYPES = {
  javascript: 'text/javascript',
  html: 'text/html',
  markdown: 'text/markdown',
  latex: 'text/latex',
  svg: 'image/svg+xml',
  png: 'image/png',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  pdf: 'application/pdf',
  text: 'text/plain',
} as const;

type Content = string | Uint8Array;
type Display = Record<keyof typeof MIME_TYPES, (content: Content) => void> & {
  raw(mimeType: string, content: Content): void;
};

/** @param id with one, every call but the first replaces what the one before has shown. */
const create = (id?: string): Display => {
  let shown = false;
  const raw = (mimeType: string, content: Content) => {
    const emit = (globalThis as { [EMIT]?: Emit })[EMIT];
    if (!emit) throw new Error('display works in the cells of a notebook only');
    const transient = id === undefined ? {} : { display_id: id };
    emit(shown ? 'update_display_data' : 'display_data', { data: { [mimeType]: content }, transient });
    shown = id !== undefined;
  };
  const named = Object.entries(MIME_TYPES).map(([name, mimeType]) => [
    name,
    (content: Content) => raw(mimeType, content),
  ]);
  return { ...Object.fromEntries(named), raw } as Display;
};

export const newDisplay = (): Display => create(randomUUID());
export const display = create();

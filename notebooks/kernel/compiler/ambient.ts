import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Project } from '../project/project.js';

/** The text of globals.d.ts: what every cell finds without importing it. */
export const ambient = (project: Project): string =>
  nodeTypes(project) + GLOBALS + (find('tslab', project.notebook) ? '' : TSLAB);

const find = (specifier: string, directory: string): string | undefined => {
  try {
    return createRequire(join(directory, 'x.js')).resolve(specifier);
  } catch {
    return undefined;
  }
};

/**
 * Node's types, from the project or else from the kernel: cells run in Node, whatever `types` says. TypeScript 7
 * takes no types without being told.
 */
const nodeTypes = ({ notebook }: Project): string => {
  const kernel = dirname(fileURLToPath(import.meta.url));
  const found = find('@types/node/package.json', notebook) ?? find('@types/node/package.json', kernel);
  return found ? `/// <reference path="${join(dirname(found), 'index.d.ts')}" />\n` : '';
};

/** See user/globals.ts, user/recall.ts and link/protocol.ts. */
const GLOBALS = `
/** Asks the person at the notebook. */
declare function input(prompt?: string, options?: { password?: boolean }): Promise<string>;
/** Loads the project's files that cells have imported as they are on disk now, and sets the imported names anew. */
declare function reload(specifier?: string): Promise<unknown>;
/** Shows values below the cell, each as the last value of a cell is shown. */
declare function display(...values: unknown[]): Promise<void>;
/** The cells of the notebook as the kernel knows them, in order: what each reads, declares and changes, and why it is stale. */
declare function cells(): readonly {
  /** The number of its latest execution. */
  readonly cell: string;
  /** Its first line of code. */
  readonly source: string;
  readonly declares: readonly string[];
  /** Names of other cells, each with one that has declared or changed it. */
  readonly reads: readonly { readonly name: string; readonly cell: string }[];
  readonly changes: readonly string[];
  /** What it imports. */
  readonly modules: readonly string[];
  /** Why a fresh run would give something else; absent where it would not. */
  readonly stale?: string;
}[];
/** Runs this, prints how long it took, by the clock and of the processor, and returns its value. */
declare function time<T>(work: () => T): T;
/** The value of the cell that came to one last. */
declare const _: any;
/** The values of cells by their numbers, the latest thousand. */
declare const Out: { readonly [count: number]: any };
/** Shows a text in the front end's pager. */
declare function page(text: string): void;
`;

/** See user/tslab.ts. */
const TSLAB = `
declare module 'tslab' {
  export interface Display {
    javascript(source: string): void;
    html(source: string): void;
    markdown(source: string): void;
    latex(source: string): void;
    svg(source: string): void;
    png(bytes: Uint8Array): void;
    jpeg(bytes: Uint8Array): void;
    gif(bytes: Uint8Array): void;
    pdf(bytes: Uint8Array): void;
    text(text: string): void;
    raw(mimeType: string, content: string | Uint8Array): void;
  }
  /** Shows something below the cell. */
  export const display: Display;
  /** A place below the cell: what is shown there replaces what was shown before. */
  export function newDisplay(): Display;
}
`;

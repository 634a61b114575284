import { findSourceMap } from 'node:module';
import { fileURLToPath } from 'node:url';
import { inspect, stripVTControlCharacters, types } from 'node:util';
import { lineStarts } from '../compiler/pieces.js';
import type { ErrorContent, Execute } from '../link/protocol.js';
import { type Cells, cellOfUrl } from './cells.js';

/** Places in error stacks as the author wrote them: `cell [3]:2:5`, `lib/vp.ts:10:3`. */
export interface Traceback {
  /** For Error.prepareStackTrace. */
  prepare(error: unknown, sites: readonly NodeJS.CallSite[]): string;
  /** The error message of the protocol for whatever was thrown. */
  describe(thrown: unknown): ErrorContent;
}

interface Place {
  readonly where: string;
  readonly cell?: Execute;
  readonly line: number;
  readonly column: number;
}

/** @param own directories of the kernel's own files, whose frames nobody needs to see. */
export const createTraceback = (cells: Cells, own: readonly string[], root: string): Traceback => {
  const place = (site: NodeJS.CallSite): Place | undefined => {
    const url = site.getScriptNameOrSourceURL() ?? '';
    const at = { line: site.getLineNumber() ?? 1, column: site.getColumnNumber() ?? 1 };
    const id = cellOfUrl(url);
    const cell = id === undefined ? undefined : cells.get(id);
    if (cell) return inCell(cell, at.line, at.column);
    if (url === '' || url.startsWith('node:')) return undefined;
    const path = url.startsWith('file:') ? fileURLToPath(url.replace(/\?.*$/, '')) : url;
    if (own.some(directory => path.startsWith(directory))) return undefined;
    const found = findSourceMap(url)?.findEntry(at.line - 1, at.column - 1);
    const line = found && 'originalLine' in found ? found.originalLine + 1 : at.line;
    const column = found && 'originalLine' in found ? found.originalColumn + 1 : at.column;
    return { where: path.startsWith(`${root}/`) ? path.slice(root.length + 1) : path, line, column };
  };
  return {
    prepare(error, sites) {
      const frames = sites.flatMap(site => frame(site, place(site)));
      return [title(error), ...frames].join('\n');
    },
    describe(thrown) {
      if (!isError(thrown)) {
        const text = asked(() => inspect(thrown)) ?? 'a value that cannot be shown';
        return { ename: 'Thrown', evalue: text, traceback: [`Thrown: ${text}`] };
      }
      // All of it is the author's, and may throw in its turn.
      const ename = asked(() => String(thrown.name)) || 'Error';
      const evalue = asked(() => String(thrown.message)) ?? '';
      const text = stripVTControlCharacters(asked(() => inspect(thrown)) ?? `${ename}: ${evalue}`);
      const stack = asked(() => String(thrown.stack)) ?? '';
      return { ename, evalue, traceback: [...excerpts(stack, cells), ...text.split('\n')] };
    },
  };
};

const asked = <T>(question: () => T): T | undefined => {
  try {
    return question();
  } catch {
    return undefined;
  }
};

/** Also of another realm, whose Error is not ours. */
const isError = (thrown: unknown): thrown is Error =>
  types.isNativeError(thrown) || asked(() => thrown instanceof Error) === true;

const { toString: textOf } = Error.prototype;

/** Also of a plain object that asks for a stack, as console.trace does. */
const title = (error: unknown): string => asked(() => textOf.call(error)) ?? 'Error';

const frame = (site: NodeJS.CallSite, place: Place | undefined): string[] => {
  if (!place) return [];
  const type = site.getTypeName();
  const name = site.getFunctionName();
  const method =
    type && type !== 'Object' && type !== 'global' && name && !name.includes('.') ? `${type}.${name}` : name;
  const at = `${place.where}:${place.line}:${place.column}`;
  return [
    `    at ${site.isAsync() ? 'async ' : ''}${method ? `${site.isConstructor() ? 'new ' : ''}${method} (${at})` : at}`,
  ];
};

const inCell = (cell: Execute, line: number, column: number): Place | undefined => {
  const offset = (lineStarts(cell.js)[line - 1] ?? 0) + column - 1;
  // The call of the function that compiler/rewrite.ts puts around the cell.
  if (offset >= cell.js.lastIndexOf('})());')) return undefined;
  let at = cell.mappings[0];
  for (const mapping of cell.mappings) {
    if (mapping[0] > offset) break;
    at = mapping;
  }
  const [, row, col] = at ?? [0, line - 1, column - 1];
  return { where: `cell [${cell.label}]`, cell, line: row + 1, column: col + 1 };
};

/** The lines of the nearest cell, and where that is an earlier one, those of the running cell that led there. */
const excerpts = (stack: string, cells: Cells): string[] => {
  const places = [...stack.matchAll(/cell \[(\d+)\]:(\d+):(\d+)/g)];
  const running = cells.get(cells.current());
  const [nearest] = places;
  if (!nearest || !running) return [];
  if (running.label === nearest[1]) return excerpt(running, nearest);
  const earlier = cells.labelled(nearest[1]!);
  const caller = places.find(([, label]) => label === running.label);
  return [
    ...(earlier ? [`cell [${earlier.label}]`, ...excerpt(earlier, nearest)] : []),
    ...(caller ? [`cell [${running.label}]`, ...excerpt(running, caller)] : []),
  ];
};

/** Some lines up to a place, with a caret under it. */
const excerpt = ({ source }: Execute, place: readonly (string | undefined)[]): string[] => {
  const [line, column] = [Number(place[2]), Number(place[3])];
  const lines = source.split('\n');
  const from = Math.max(0, line - 3);
  const gutter = String(line).length;
  const shown = lines.slice(from, line).map((text, index) => `${String(from + index + 1).padStart(gutter)} | ${text}`);
  return [...shown, `${' '.repeat(gutter)} | ${' '.repeat(column - 1)}^`];
};

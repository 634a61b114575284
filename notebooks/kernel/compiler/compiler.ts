import { join } from 'node:path';
import type { ParseResult } from 'oxc-parser';
import type { ImportedName } from '../link/protocol.js';
import type { Project } from '../project/project.js';
import type { ProjectOptions } from '../project/project-options.js';
import { type Node, walk } from './ast.js';
import { type CellText, type Check, type Completions, createCheckSession } from './check-session.js';
import { closed } from './closed.js';
import { DEEPEST, depthOf, tooDeep } from './depth.js';
import type { Draft, draft } from './draft.js';
import type { Finding } from './finding.js';
import type { Inspection } from './inspected.js';
import { createLatest } from './latest.js';
import { opensObject, type Reading, reading } from './literal.js';
import { type Parsed, parse, programOf } from './parse.js';
import { lineOf, lineStarts } from './pieces.js';
import { unsupervised } from './supervision.js';
import type { Uses } from './uses.js';

/** What TypeScript knows of cells: the errors that keep one from running, completions, types. */
export interface Compiler {
  check(code: string): Checked;
  /** The same without consequences: the cell's names do not come into scope. */
  look(code: string): Checked;
  complete(code: string, offset: number): Completions;
  inspect(code: string, offset: number): Inspection | undefined;
  /** What is wrong around the cells, of which nobody has been told yet; no cell fails of it. */
  warnings(): string[];
  isComplete(code: string): 'complete' | 'incomplete' | 'invalid';
  /** For a cell so deep that other threads have no stack for it. */
  draft(...args: Parameters<typeof draft>): Promise<Draft | undefined>;
  /** Does, once nobody waits, what the next answer would otherwise wait for. */
  settle(): void;
  invalidate(): void;
  clear(): void;
  close(): void;
}

export interface CellError {
  readonly message: string;
  /** Both from 1. */
  readonly line: number;
  readonly column: number;
  readonly length: number;
  /** Whether it is no TypeScript at all, whatever the types. */
  readonly syntax: boolean;
}

/** `news`: warnings() may have something to say. `uses` are unknown of what is no TypeScript. */
export type Checked = { readonly news: boolean; readonly uses?: Uses } & (
  | { readonly ok: true; readonly options: ProjectOptions; readonly types: readonly ImportedName[] }
  | { readonly ok: false; readonly errors: readonly CellError[] }
);

export const createCompiler = (project: Project, supervision = unsupervised): Compiler => {
  const session = createCheckSession(project, supervision);
  /** A cell that is run again needs no second check where nothing has changed for it. */
  const latest = createLatest<Check>();
  const passed = ({ types, uses }: Check): Checked => {
    return { ok: true, options: session.options(), types, news: session.hasNews(), uses: uses() };
  };
  const refused = (read: Reading, findings: readonly Finding[], uses?: Uses): Checked => {
    const errors = located(read, findings);
    return { ok: false, errors, news: session.hasNews(), ...(uses ? { uses } : {}) };
  };
  const examine = (code: string, commit: boolean): Checked => {
    const known = latest.get(code);
    if (known?.holds()) {
      if (commit) known.commit();
      return passed(known);
    }
    const depth = depthOf(code);
    if (depth > DEEPEST) return { ok: false, errors: [wholeText(tooDeep(depth))], news: session.hasNews() };
    const read = reading(code);
    const parsed = parse(read.text);
    if (parsed.jsx && !session.options().jsx) return refused(read, [withoutJsx(parsed, project)]);
    const check = session.check(textOf(read.text, parsed));
    const syntax = syntaxErrors(parsed);
    const errors = check.findings.length > 0 ? check.findings : syntax;
    if (errors.length > 0) return refused(read, errors, syntax.length > 0 ? undefined : check.uses());
    const answer = passed(check);
    if (commit) check.commit();
    latest.set(code, check);
    return answer;
  };
  return {
    check: code => examine(code, true),
    look: code => examine(code, false),
    complete(code, offset) {
      if (depthOf(code) > DEEPEST) return { all: [] };
      const parsed = parse(code);
      const names = parsed.errors.length > 0 ? programOf(parse(closed(code, offset))) : undefined;
      return session.complete(textOf(code, parsed), offset, names);
    },
    inspect: (code, offset) =>
      depthOf(code) > DEEPEST ? undefined : session.inspect(textOf(code, parse(code)), offset),
    warnings: () => session.warnings(),
    isComplete,
    // With the first cell that needs it.
    draft: async (...args) => (await import('./draft.js')).draft(...args),
    settle: () => session.settle(),
    invalidate: () => session.invalidate(),
    clear: () => session.clear(),
    close: () => session.close(),
  };
};

const textOf = (code: string, parsed: Parsed): CellText => ({ code, program: programOf(parsed), jsx: parsed.jsx });

/** TS17004, with the way out. */
const withoutJsx = (parsed: Parsed, { root }: Project): Finding => {
  const elements: Node[] = [];
  walk(programOf(parsed), node => {
    if (/^JSX(?:Element|Fragment)$/.test(node.type)) elements.push(node);
    return elements.length === 0;
  });
  const message = `this is JSX: set "jsx" in the compilerOptions of ${join(root, 'tsconfig.json')}, for React to "react-jsx"`;
  return { code: 17004, syntax: false, message, start: elements[0]?.start ?? 0, end: elements[0]?.end ?? 0 };
};

const located = ({ text, column }: Reading, findings: readonly Finding[]): CellError[] => {
  const starts = lineStarts(text);
  return findings.map(({ code: number, message, start, end, syntax }) => {
    const line = lineOf(starts, start);
    const prefix = number > 0 ? `TS${number}: ` : '';
    return {
      message: prefix + message,
      line: line + 1,
      column: column(line, start - starts[line]!) + 1,
      length: Math.max(1, end - start),
      syntax,
    };
  });
};

const syntaxErrors = (parsed: ParseResult): Finding[] =>
  parsed.errors.map(({ message, labels }) => ({
    code: 0,
    syntax: true,
    message,
    start: labels[0]?.start ?? 0,
    end: labels[0]?.end ?? 0,
  }));

const wholeText = (message: string): CellError => ({ message, line: 1, column: 1, length: 1, syntax: false });

/** What is too deep to be read is sent off all the same: the answer to the cell will say so. */
const isComplete = (code: string): ReturnType<typeof completeness> => {
  if (depthOf(code) > DEEPEST) return 'complete';
  const { text } = reading(code);
  const found = completeness(parse(text), text);
  if (found !== 'invalid' || !opensObject(code)) return found;
  return completeness(parse(`(${code}`), `(${code}`);
};

/** Incomplete: the parser came to the end of the text inside something that more text could close. */
const completeness = (parsed: ParseResult, code: string): 'complete' | 'incomplete' | 'invalid' => {
  const first = parsed.errors[0];
  if (!first) return 'complete';
  const end = code.trimEnd().length;
  const openText = first.labels.some(({ start }) => code[start] === '`' || code.startsWith('/*', start));
  const unterminated = first.message.startsWith('Unterminated') && openText;
  return unterminated || first.labels.some(({ start }) => start >= end) ? 'incomplete' : 'invalid';
};

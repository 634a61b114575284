import { join } from 'node:path';
import type { ParseResult } from 'oxc-parser';
import type { ImportedName } from '../link/protocol.js';
import type { Project } from '../project/project.js';
import type { ProjectOptions } from '../project/project-options.js';
import { type Node, walk } from './ast.js';
import { type CellText, type Check, createCheckSession } from './check-session.js';
import type { Completion, Inspection } from './checker.js';
import type { Finding } from './finding.js';
import { createLatest } from './latest.js';
import { type Parsed, parse, programOf } from './parse.js';
import { lineOf, lineStarts } from './pieces.js';

/** What TypeScript knows of cells: the errors that keep one from running, completions, types. */
export interface Compiler {
  check(code: string): Checked;
  complete(code: string, offset: number): Completion[];
  inspect(code: string, offset: number): Inspection | undefined;
  /** What is wrong around the cells, of which nobody has been told yet; no cell fails of it. */
  warnings(): string[];
  isComplete(code: string): 'complete' | 'incomplete' | 'invalid';
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
}

/** `news`: warnings() may have something to say. */
export type Checked = { readonly news: boolean } & (
  | { readonly ok: true; readonly options: ProjectOptions; readonly types: readonly ImportedName[] }
  | { readonly ok: false; readonly errors: readonly CellError[] }
);

export const createCompiler = (project: Project): Compiler => {
  const session = createCheckSession(project);
  /** A cell that is run again needs no second check where nothing has changed for it. */
  const latest = createLatest<Check>();
  const passed = ({ types }: Check): Checked => {
    return { ok: true, options: session.options(), types, news: session.hasNews() };
  };
  const refused = (code: string, findings: readonly Finding[]): Checked => {
    return { ok: false, errors: located(code, findings), news: session.hasNews() };
  };
  return {
    check(code) {
      const known = latest.get(code);
      if (known?.holds()) {
        known.commit();
        return passed(known);
      }
      const parsed = parse(code);
      if (parsed.jsx && !session.options().jsx) return refused(code, [withoutJsx(parsed, project)]);
      const check = session.check(textOf(code, parsed));
      const errors = check.findings.length > 0 ? check.findings : syntaxErrors(parsed);
      if (errors.length > 0) return refused(code, errors);
      check.commit();
      latest.set(code, check);
      return passed(check);
    },
    complete: (code, offset) => session.complete(textOf(code, parse(code)), offset),
    inspect: (code, offset) => session.inspect(textOf(code, parse(code)), offset),
    warnings: () => session.warnings(),
    isComplete: code => completeness(parse(code), code),
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
  return { code: 17004, message, start: elements[0]?.start ?? 0, end: elements[0]?.end ?? 0 };
};

const located = (code: string, findings: readonly Finding[]): CellError[] => {
  const starts = lineStarts(code);
  return findings.map(({ code: number, message, start, end }) => {
    const line = lineOf(starts, start);
    const prefix = number > 0 ? `TS${number}: ` : '';
    return {
      message: prefix + message,
      line: line + 1,
      column: start - starts[line]! + 1,
      length: Math.max(1, end - start),
    };
  });
};

const syntaxErrors = (parsed: ParseResult): Finding[] =>
  parsed.errors.map(({ message, labels }) => ({
    code: 0,
    message,
    start: labels[0]?.start ?? 0,
    end: labels[0]?.end ?? 0,
  }));

/** Incomplete: the parser came to the end of the text inside something that more text could close. */
const completeness = (parsed: ParseResult, code: string): 'complete' | 'incomplete' | 'invalid' => {
  const first = parsed.errors[0];
  if (!first) return 'complete';
  const end = code.trimEnd().length;
  const openText = first.labels.some(({ start }) => code[start] === '`' || code.startsWith('/*', start));
  const unterminated = first.message.startsWith('Unterminated') && openText;
  return unterminated || first.labels.some(({ start }) => start >= end) ? 'incomplete' : 'invalid';
};

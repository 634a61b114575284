import { type ParseResult, parseSync } from 'oxc-parser';
import type { Project } from '../project.js';
import type { Node } from './ast.js';
import type { Completion, Finding, Inspection } from './checker.js';
import { type ErasedCell, eraseCell } from './erase.js';
import { decodeMappings, type Mapping, throughPieces } from './mappings.js';
import { declaredNames } from './names.js';
import { lineOf, lineStarts } from './pieces.js';
import { isGlobal } from './rename.js';
import { rewrite } from './rewrite.js';
import { type Check, createCheckSession } from './session.js';

/** TypeScript of a cell → what the user process evaluates, or the errors that keep it from running. */
export interface Compiler {
  compile(code: string): Compiled;
  complete(code: string, offset: number): Completion[];
  inspect(code: string, offset: number): Inspection | undefined;
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

/** A script, and the names that are declared before it runs. */
export interface Emitted {
  readonly js: string;
  readonly names: readonly string[];
  readonly mappings: readonly Mapping[];
}

export type Compiled =
  | ({ readonly ok: true } & Emitted)
  | { readonly ok: false; readonly errors: readonly CellError[] };

type Known = Omit<Check, 'findings'> & { readonly compiled: Compiled };

const REMEMBERED = 256;

export const createCompiler = (project: Project): Compiler => {
  const session = createCheckSession(project);
  /** Names of cells that hide a global. */
  const hiding = new Set<string>();
  /** Of the latest cells: one that is run again needs no second check where nothing has changed for it. */
  const latest = new Map<string, Known>();
  const remember = (code: string, known: Known) => {
    latest.delete(code);
    latest.set(code, known);
    const [oldest] = latest.keys();
    if (latest.size > REMEMBERED) latest.delete(oldest!);
  };
  return {
    compile(code) {
      const known = latest.get(code);
      if (known?.holds()) {
        known.commit();
        return known.compiled;
      }
      const parsed = parse(code);
      const program = programOf(parsed);
      const { findings, commit, holds } = session.check(code, program);
      const errors = findings.length > 0 ? findings : syntaxErrors(parsed);
      if (errors.length > 0) return { ok: false, errors: located(code, errors) };
      const own = declaredNames(program).map(({ name }) => name);
      const names = new Set([...hiding, ...own.filter(isGlobal)]);
      const erased = eraseCell(code, program, session.experimentalDecorators());
      const emitted = emit(erased, names);
      commit();
      for (const name of names) hiding.add(name);
      const compiled = { ok: true, ...emitted } as const;
      const hidden = hiding.size;
      remember(code, { compiled, commit, holds: () => hiding.size === hidden && holds() });
      return compiled;
    },
    complete: (code, offset) => session.complete(code, programOf(parse(code)), offset),
    inspect: (code, offset) => session.inspect(code, programOf(parse(code)), offset),
    isComplete: code => completeness(parse(code), code),
    settle: () => session.settle(),
    invalidate: () => session.invalidate(),
    clear() {
      hiding.clear();
      session.clear();
    },
    close: () => session.close(),
  };
};

const parse = (code: string): ParseResult =>
  parseSync('cell.ts', code, { lang: 'ts', sourceType: 'module', astType: 'ts' });

const programOf = (parsed: ParseResult): Node => parsed.program as unknown as Node;

/** Types are erased; now the top level is rewritten. */
const emit = (cell: ErasedCell, hiding: ReadonlySet<string>): Emitted => {
  const { code: erased, map, endsInExpression } = cell;
  const program = parseSync('cell.mjs', erased, { lang: 'js', sourceType: 'module' }).program;
  const { script, names } = rewrite(program as unknown as Node, erased, {
    names: hiding,
    endsInExpression,
  });
  return { js: script.text(), names, mappings: throughPieces(decodeMappings(map.mappings, erased), script) };
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
    ...{ code: 0, message },
    ...{ start: labels[0]?.start ?? 0, end: labels[0]?.end ?? 0 },
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

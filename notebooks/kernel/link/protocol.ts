import type { Project } from '../project/project.js';
import type { ProjectOptions } from '../project/project-options.js';

// What the kernel and the user process, which runs the cells, say to each other; `cell` is the number of an execution.

export type Bundle = Readonly<Record<string, unknown>>;

export interface ErrorContent {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

/**
 * A cell that somebody wants to run. A new field of the request is added here and read from the message in
 * jupyter/execute.ts: all on the way from there to user/executor.ts hand the request on as a whole.
 */
export interface CellRequest<Code = string> {
  readonly cell: number;
  /** What tracebacks call the cell: its execution count. */
  readonly label: string;
  /** The TypeScript. */
  readonly source: string;
  readonly silent: boolean;
  readonly allowStdin: boolean;
  readonly expressions: Readonly<Record<string, Code>>;
  /** The cell of the notebook, where this is one; nothing is remembered of other code. */
  readonly id?: string;
  /** Cells that are no more in the notebook. */
  readonly deleted?: readonly string[];
  /** Cells that the client sent in one go with this one: they stand below it, in this order. */
  readonly following?: readonly string[];
}

/** What is known of a cell, as `cells()` shows it. */
export interface GraphRow {
  /** The number of its latest execution. */
  readonly cell: string;
  /** Its first line of code. */
  readonly source: string;
  readonly declares: readonly string[];
  /** Names of other cells that it reads, each with a cell that has declared or changed it. */
  readonly reads: readonly { readonly name: string; readonly cell: string }[];
  /** Names of other cells that it changes. */
  readonly changes: readonly string[];
  readonly modules: readonly string[];
  /** Why a fresh run would give something else, if so. */
  readonly stale?: string;
}

/** One point of a map: an offset in the generated text and where it came from (line and column from 0). */
export type Mapping = readonly [offset: number, line: number, column: number];

/** What the compiler makes of a cell. */
export interface Script {
  readonly js: string;
  /** Declared before the script runs. */
  readonly names: readonly string[];
  readonly mappings: readonly Mapping[];
}

/** A script of a cell that has passed its check, with what the check has found out. */
export interface Program extends Script {
  readonly options: ProjectOptions;
  /** Of what the cell imports, the names that are types only: no module has them when it runs. */
  readonly types: readonly ImportedName[];
}

export interface ImportedName {
  readonly specifier: string;
  readonly name: string;
}

export type CompiledExpression = { readonly js: string } | { readonly error: ErrorContent };

export type Execute = {
  readonly type: 'execute';
  readonly graph?: readonly GraphRow[];
} & CellRequest<CompiledExpression> &
  Program;

export type Command =
  | Execute
  | { readonly type: 'input_reply'; readonly value: string }
  | CommMessage
  | { readonly type: 'properties'; readonly question: number; readonly path: readonly string[] }
  | { readonly type: 'shutdown' };

/** From the front end. Its handling is followed as a cell is: by a number, to a `done`. */
export interface CommMessage {
  readonly type: 'comm';
  readonly cell: number;
  readonly kind: CommKind;
  readonly content: Bundle;
}

export type CommKind = 'comm_open' | 'comm_msg' | 'comm_close';

export type DisplayType = 'display_data' | 'update_display_data' | 'clear_output';

export type Expression =
  | { readonly status: 'ok'; readonly data: Bundle; readonly metadata: Bundle }
  | ({ readonly status: 'error' } & ErrorContent);

/** Of a value, as a completion offers it. */
export interface Property {
  readonly name: string;
  readonly method: boolean;
}

/** How a cell ended. */
export interface Done {
  readonly type: 'done';
  readonly cell: number;
  readonly expressions: Readonly<Record<string, Expression>>;
  readonly payload: readonly Bundle[];
}

export type Report =
  | { readonly type: 'ready' }
  | { readonly type: 'stream'; readonly cell: number; readonly name: 'stdout' | 'stderr'; readonly text: string }
  | { readonly type: 'display'; readonly cell: number; readonly kind: DisplayType; readonly content: Bundle }
  | { readonly type: 'result'; readonly cell: number; readonly content: Bundle }
  | { readonly type: 'error'; readonly cell: number; readonly error: ErrorContent }
  | Done
  | { readonly type: 'input_request'; readonly cell: number; readonly prompt: string; readonly password: boolean }
  | {
      readonly type: 'comm';
      readonly cell: number;
      readonly kind: CommKind;
      readonly content: Bundle;
      readonly metadata: Bundle;
    }
  | { readonly type: 'properties'; readonly question: number; readonly properties: readonly Property[] }
  | { readonly type: 'reload' };

/** The error of an interrupted cell, whichever of the two finds that it was. */
export const INTERRUPTED: ErrorContent = {
  ename: 'KeyboardInterrupt',
  evalue: 'interrupted; names and values are kept',
  traceback: ['KeyboardInterrupt: interrupted; names and values are kept'],
};

/** The argument of the user process, as JSON. */
export interface UserOptions {
  readonly project: Project;
  readonly loader: string;
  readonly interrupter: string;
  readonly tslab: string;
  /** Directories of the kernel's own code, whose stack frames nobody needs to see. */
  readonly own: readonly string[];
}

/** File descriptors of the user process beside stdin, stdout and stderr. */
export const REPORT_FD = 3;
export const COMMAND_FD = 4;
/** Numbers of cells to stop, one a line. */
export const INTERRUPT_FD = 5;

import type { Mapping } from '../compiler/mappings.js';

/** What the kernel (front) and the user process say to each other; `cell` is the number of an execution. */
export type Bundle = Readonly<Record<string, unknown>>;

export interface ErrorContent {
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

export type Command =
  | {
      readonly type: 'execute';
      readonly cell: number;
      /** What tracebacks call the cell: its execution count. */
      readonly label: string;
      /** Declared before the script runs. */
      readonly names: readonly string[];
      readonly js: string;
      readonly mappings: readonly Mapping[];
      /** The TypeScript, for excerpts in tracebacks. */
      readonly source: string;
      readonly silent: boolean;
      readonly allowStdin: boolean;
      readonly expressions: Readonly<Record<string, { js: string } | { error: ErrorContent }>>;
    }
  | { readonly type: 'input_reply'; readonly value: string }
  | { readonly type: 'comm'; readonly cell: number; readonly kind: CommKind; readonly content: Bundle }
  | { readonly type: 'shutdown' };

export type CommKind = 'comm_open' | 'comm_msg' | 'comm_close';

export type DisplayType = 'display_data' | 'update_display_data' | 'clear_output';

export type Expression =
  | { readonly status: 'ok'; readonly data: Bundle; readonly metadata: Bundle }
  | ({ readonly status: 'error' } & ErrorContent);

export type Report =
  | { readonly type: 'ready' }
  | { readonly type: 'stream'; readonly cell: number; readonly name: 'stdout' | 'stderr'; readonly text: string }
  | { readonly type: 'display'; readonly cell: number; readonly kind: DisplayType; readonly content: Bundle }
  | { readonly type: 'result'; readonly cell: number; readonly content: Bundle }
  | { readonly type: 'error'; readonly cell: number; readonly error: ErrorContent }
  | {
      readonly type: 'done';
      readonly cell: number;
      readonly status: 'ok' | 'error';
      readonly expressions: Readonly<Record<string, Expression>>;
      readonly payload: readonly Bundle[];
    }
  | { readonly type: 'input_request'; readonly cell: number; readonly prompt: string; readonly password: boolean }
  | {
      readonly type: 'comm';
      readonly cell: number;
      readonly kind: CommKind;
      readonly content: Bundle;
      readonly metadata: Bundle;
    }
  | { readonly type: 'reload' };

/** File descriptors of the user process beside stdin, stdout and stderr. */
export const REPORT_FD = 3;
export const COMMAND_FD = 4;
/** Numbers of cells to stop, one a line. */
export const INTERRUPT_FD = 5;

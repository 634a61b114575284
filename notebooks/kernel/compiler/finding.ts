import type { Diagnostic } from 'typescript/unstable/sync';

/** An error of a check; positions are offsets in the file's text. */
export interface Finding {
  readonly code: number;
  /** Found by the parser. */
  readonly syntax: boolean;
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

export const finding = (diagnostic: Diagnostic, syntax: boolean): Finding => ({
  code: diagnostic.code,
  syntax,
  message: chain(diagnostic, 0),
  start: diagnostic.pos,
  end: diagnostic.end,
});

const chain = (diagnostic: Diagnostic, depth: number): string =>
  ['  '.repeat(depth) + diagnostic.text, ...(diagnostic.messageChain ?? []).map(inner => chain(inner, depth + 1))].join(
    '\n',
  );

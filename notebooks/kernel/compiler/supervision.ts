/**
 * The checker's process under the eyes of the thread that talks to Jupyter: while the compiler's own thread waits for
 * an answer, only the other one can end a check, by ending the process.
 */
export interface Supervision {
  /** The process that is asked from now on: it has opened the project, which nothing should cut off. */
  began(pid: number | undefined): void;
  ended(pid: number | undefined): void;
  /** Whether it was ended on purpose, since this was last asked: then its question is not to be asked again. */
  cut(): boolean;
}

export const unsupervised: Supervision = { began: () => undefined, ended: () => undefined, cut: () => false };

/** What the compiler's thread gets to know. */
export interface Supervised<Project> {
  readonly project: Project;
  /** One field: 1 after the process was ended on purpose. */
  readonly cut: SharedArrayBuffer;
}

/** From the compiler's thread. */
export type CheckerNews = { readonly began: number | undefined } | { readonly ended: number | undefined };

/** The longest that anybody waits for an answer. */
export const LONGEST_MS = { check: 60_000, questions: 10_000 };

export const tookTooLong = `the type check took more than ${LONGEST_MS.check / 1000} s and was ended: simplify the types, or say them as any`;

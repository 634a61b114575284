/** An interrupt is asked for until the cell has ended, by whatever means there are where it is. */
export interface Insistence {
  ended(): boolean;
  /** Whether the user process has the cell; before that, the compiler does. */
  sent(): boolean;
  cutCheck(): void;
  interrupt(): void;
  /** For a child process that the cell waits for, which knows of no interrupt but the terminal's. */
  signal(): void;
  /** Ends the process. */
  replace(): void;
}

const AGAIN_MS = 500;
/** Native code cannot be interrupted: a long step of training may be such, and is worth a wait. */
export const REPLACE_MS = 10_000;

export const insist = (parts: Insistence): void => {
  let asked = 0;
  let since: number | undefined;
  const again = () => {
    if (parts.ended()) return;
    if (parts.sent()) {
      if (since !== undefined) parts.signal();
      parts.interrupt();
      since ??= Date.now();
      if (Date.now() - since > REPLACE_MS) parts.replace();
      // Most checks end by themselves in less than that.
    } else if (asked++ > 0) parts.cutCheck();
    setTimeout(again, AGAIN_MS).unref();
  };
  again();
};

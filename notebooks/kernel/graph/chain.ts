/**
 * What a name's value has come from: the declaration that was run last, and what has changed the value since. The
 * latest write knows the one before it, so that ten thousand changes cost no more than the first.
 */
export interface Write {
  readonly cell: string;
  readonly run: number;
  /** Whether it is certain that it has changed the value. */
  readonly sure: boolean;
  /** None before a declaration. */
  readonly before: Write | undefined;
}

/** What a fresh run would have written. */
export interface Step {
  readonly cell: string;
  readonly run: number;
  readonly sure: boolean;
}

/** How what has been written is not what a fresh run would have written. */
export type Difference =
  /** This write would not be there, at this time. */
  | { readonly kind: 'extra'; readonly write: Write }
  /** The others are there, in their order, but these steps from the given one on are not. */
  | { readonly kind: 'missing'; readonly from: number };

const writesOf = (last: Write | undefined): Write[] => {
  const found: Write[] = [];
  for (let write = last; write; write = write.before) found.push(write);
  return found.reverse();
};

/** @param strict whether writes count of which it is not certain that they changed anything */
export const difference = (
  last: Write | undefined,
  steps: readonly Step[],
  strict: boolean,
): Difference | undefined => {
  let at = 0;
  for (const write of writesOf(last)) {
    const step = steps[at];
    if (step && step.cell === write.cell && step.run === write.run) at++;
    else if (strict || write.sure) return { kind: 'extra', write };
  }
  return at < steps.length ? { kind: 'missing', from: at } : undefined;
};

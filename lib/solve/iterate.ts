/**
 * The only loop of the library: a state is advanced while there is more to do, and every state is yielded, the first
 * included. Fixed and adaptive steps, tensors, float64 numbers, exact moments and compiled programs all run through it.
 * @param more whether step i = 1, 2, … is to be taken
 * @param advance the state after step i
 * @param release is handed each state that is left behind, and the last one, also when the run is ended early
 */
export function* iterate<S>(
  first: S,
  more: (step: number) => boolean,
  advance: (state: S, step: number) => S,
  release: (state: S, next?: S) => void = () => undefined,
): Generator<S, void, undefined> {
  let state = first;
  try {
    yield state;
    for (let step = 1; more(step); step++) {
      const next = advance(state, step);
      release(state, next);
      state = next;
      yield state;
    }
  } finally {
    release(state);
  }
}

/** The last state of a run whose states need no release. */
export const lastOf = <S>(states: Iterable<S>): S => {
  let out: { state: S } | undefined;
  for (const state of states) out = { state };
  return out!.state; // a run yields at least its first state
};

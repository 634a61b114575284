/** What a multistep method kept in earlier steps, newest first, for values that need no disposal. */
export const createPast = <V>(depth = 2) => {
  let list: { t: number; value: V }[] = [];
  return {
    times: (): number[] => list.map(p => p.t),
    values: (): V[] => list.map(p => p.value),
    push: (t: number, value: V): void => {
      list = [{ t, value }, ...list].slice(0, depth);
    },
  };
};

/**
 * f′(t) on [0, T] by central differences at halving steps, extrapolated to step 0 (Richardson): a relative error near
 * 1e-10 for smooth f. Prefer a closed form where there is one.
 */
export const derivative =
  (f: (t: number) => number, T: number, rows = 6) =>
  (t: number): number => {
    const room = Math.min(t, T - t);
    // At an end, differences of f(t ± h²) with respect to h² would leave the interval, so lean inwards.
    if (room < 1e-6 * T) return oneSided(f, t, t < T / 2 ? T / 64 : -T / 64, rows);
    const first = Math.min(room, T / 16) / 2;
    const table = Array.from({ length: rows }, (_, i) => {
      const h = first / 2 ** i;
      return (f(t + h) - f(t - h)) / (2 * h);
    });
    return extrapolate(table, 4);
  };

const oneSided = (f: (t: number) => number, t: number, first: number, rows: number): number => {
  const table = Array.from({ length: rows + 3 }, (_, i) => {
    const h = first / 2 ** i;
    return (f(t + h) - f(t)) / h;
  });
  return extrapolate(table, 2);
};

/** The limit of a table whose error expands in powers of `ratio`^(−i). */
const extrapolate = (table: readonly number[], ratio: number): number => {
  let column = [...table];
  for (let power = ratio; column.length > 1; power *= ratio) {
    column = column.slice(1).map((v, i) => v + (v - column[i]!) / (power - 1));
  }
  return column[0]!;
};

/**
 * d ln f/d ln t = t f′/f on (0, T] for a positive f, in the variable ln t: as good near 0, where f ~ tᵖ has the slope p
 * however steep it is, as elsewhere.
 */
export const logSlope = (f: (t: number) => number, T: number) => {
  const width = 2;
  return (t: number): number => {
    const middle = Math.max(width / 2, width - Math.log(T / t)); // the window ends at T where that is near
    return derivative(v => Math.log(f(t * Math.exp(v - middle))), width)(middle);
  };
};

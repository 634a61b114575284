/** Pixels as indices into at most 256 colours. */
export interface Indexed {
  /** One index per pixel. */
  readonly pixels: Uint8Array;
  /** Red, green, blue of each colour. */
  readonly colours: readonly (readonly [number, number, number])[];
}

/** One cell of the colour cube in use: how many pixels, and the sums of their channels. */
interface Cell {
  readonly key: number;
  readonly count: number;
  readonly mean: readonly [number, number, number];
}

const BITS = 6;
const keyOf = (r: number, g: number, b: number): number =>
  ((r >> (8 - BITS)) << (2 * BITS)) | ((g >> (8 - BITS)) << BITS) | (b >> (8 - BITS));

const histogram = (rgba: Uint8Array): Cell[] => {
  const sums = new Float64Array(4 << (3 * BITS));
  for (let i = 0; i < rgba.length; i += 4) {
    const at = 4 * keyOf(rgba[i]!, rgba[i + 1]!, rgba[i + 2]!);
    sums[at] = sums[at]! + 1;
    for (let c = 0; c < 3; c++) sums[at + 1 + c] = sums[at + 1 + c]! + rgba[i + c]!;
  }
  const cells: Cell[] = [];
  for (let key = 0; key < sums.length / 4; key++) {
    const count = sums[4 * key]!;
    if (count === 0) continue;
    const mean = [1, 2, 3].map(c => Math.round(sums[4 * key + c]! / count)) as [number, number, number];
    cells.push({ key, count, mean });
  }
  return cells;
};

const widest = (cells: readonly Cell[]): { channel: 0 | 1 | 2; range: number } =>
  ([0, 1, 2] as const)
    .map(channel => {
      const values = cells.map(c => c.mean[channel]);
      return { channel, range: Math.max(...values) - Math.min(...values) };
    })
    .reduce((a, b) => (b.range > a.range ? b : a));

/** Splits at the middle of the widest channel, which spends colours on distinct hues rather than on area. */
const split = (cells: readonly Cell[]): [Cell[], Cell[]] => {
  const { channel } = widest(cells);
  const values = cells.map(c => c.mean[channel]);
  const middle = (Math.min(...values) + Math.max(...values)) / 2;
  return [cells.filter(c => c.mean[channel] <= middle), cells.filter(c => c.mean[channel] > middle)];
};

/** Groups the cells into at most `limit` boxes, the one with the greatest weighted extent split first. */
const boxes = (cells: readonly Cell[], limit: number): Cell[][] => {
  const weigh = (group: Cell[]) => ({
    group,
    weight: widest(group).range * Math.sqrt(group.reduce((n, c) => n + c.count, 0)),
  });
  const groups = [weigh([...cells])];
  while (groups.length < limit) {
    groups.sort((a, b) => a.weight - b.weight);
    const top = groups.pop();
    if (top === undefined) break;
    if (top.group.length === 1 || top.weight === 0) {
      groups.push(top);
      break;
    }
    groups.push(...split(top.group).map(weigh));
  }
  return groups.map(({ group }) => group);
};

/** Reduces opaque RGBA pixels to a palette. The commonest colour of each group stands for it, so white stays white. */
export const quantise = (rgba: Uint8Array, limit = 256): Indexed => {
  const groups = boxes(histogram(rgba), limit);
  const index = new Uint8Array(1 << (3 * BITS));
  const colours = groups.map((group, i) => {
    for (const cell of group) index[cell.key] = i;
    return group.reduce((a, b) => (b.count > a.count ? b : a)).mean;
  });
  const pixels = new Uint8Array(rgba.length / 4);
  for (let p = 0; p < pixels.length; p++) {
    pixels[p] = index[keyOf(rgba[4 * p]!, rgba[4 * p + 1]!, rgba[4 * p + 2]!)]!;
  }
  return { pixels, colours };
};

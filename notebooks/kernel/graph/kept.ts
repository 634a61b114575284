import type { Uses } from '../compiler/uses.js';
import type { Write } from './chain.js';

/** A cell as it was sent last, and its latest run in the process that there is now. */
export interface Kept {
  readonly id: string;
  /** What people call it: the number of its latest execution. */
  label: string;
  /** The execution that its output belongs to. */
  number: number;
  source: string;
  uses: Uses;
  reads: ReadonlySet<string>;
  /** Names of other cells that it changes, and whether that is certain. */
  changes: ReadonlyMap<string, boolean>;
  /** Its place among the cells, which grows. */
  place: number;
  run?: Run;
}

export interface Run {
  /** Another number for each run of any cell. */
  number: number;
  readonly source: string;
  /** 'error': as a fresh run would have it, too. */
  how: 'running' | 'ok' | 'error' | 'interrupted';
  /** What the names had come from that it read or changed. */
  readonly inputs: ReadonlyMap<string, Write | undefined>;
  /** Who had declared the names that it mentions, and how. */
  readonly mentions: ReadonlyMap<string, string>;
  /** When it loaded its modules, in milliseconds of the clock. */
  loaded: number;
}

/** The cells of the notebook, in the order in which a fresh run would run them. */
export interface Cells {
  get(id: string): Kept | undefined;
  all(): Kept[];
  /** Those that came first, first. */
  ids(): Iterable<string>;
  size(): number;
  /** The largest place that there has been. */
  last(): number;
  /** A new cell stands last. */
  put(cell: Kept): void;
  /** Moves a cell behind another one. */
  move(cell: Kept, after: Kept): void;
  drop(cell: Kept): void;
  /** What its text means has changed. */
  change(cell: Kept, parts: Pick<Kept, 'uses' | 'reads' | 'changes'>): void;
  /** Those that declare or change a name, in order. */
  writers(name: string): readonly Kept[];
  /** From the last declaration before this place on; none where there is no declaration. */
  chain(name: string, place: number): readonly Kept[];
  /** Names that may share a value with this one. */
  sharing(name: string): ReadonlySet<string>;
  /** Whether a class of a cell has a method of this name that changes its object. */
  mutates(method: string): boolean;
}

const NONE: ReadonlySet<string> = new Set();

export const createKept = (): Cells => {
  const cells = new Map<string, Kept>();
  const writers = new Map<string, Set<Kept>>();
  const sorted = new Map<string, Kept[]>();
  let shared: Map<string, Set<string>> | undefined;
  let mutators: Set<string> | undefined;
  let last = -1;

  const all = () => [...cells.values()].sort(byPlace);
  const written = ({ uses, changes }: Pick<Kept, 'uses' | 'changes'>) => [...uses.declares, ...changes.keys()];
  const enter = (cell: Kept) => {
    for (const name of written(cell)) {
      const known = writers.get(name) ?? new Set();
      writers.set(name, known.add(cell));
      sorted.delete(name);
    }
    forget(cell);
  };
  const leave = (cell: Kept) => {
    for (const name of written(cell)) {
      const known = writers.get(name);
      known?.delete(cell);
      if (known?.size === 0) writers.delete(name);
      sorted.delete(name);
    }
    forget(cell);
  };
  const forget = ({ uses }: Kept) => {
    if (Object.keys(uses.aliases).length > 0) shared = undefined;
    if (uses.mutators.length > 0) mutators = undefined;
  };

  const move = (cell: Kept, after: Kept) => {
    const others = all().filter(each => each !== cell);
    const next = others[others.indexOf(after) + 1];
    cell.place = next ? (after.place + next.place) / 2 : after.place + 1;
    if (next && (cell.place <= after.place || cell.place >= next.place)) {
      others.splice(others.indexOf(after) + 1, 0, cell);
      others.forEach((each, index) => {
        each.place = index;
      });
    }
    last = Math.max(last, cell.place, others.length);
    sorted.clear();
  };

  const writersOf = (name: string): readonly Kept[] => {
    const known = sorted.get(name) ?? [...(writers.get(name) ?? [])].sort(byPlace);
    sorted.set(name, known);
    return known;
  };

  return {
    get: id => cells.get(id),
    all,
    ids: () => cells.keys(),
    size: () => cells.size,
    last: () => last,
    put(cell) {
      cell.place = last + 1;
      last = cell.place;
      cells.set(cell.id, cell);
      enter(cell);
    },
    move,
    drop(cell) {
      leave(cell);
      cells.delete(cell.id);
    },
    change(cell, parts) {
      leave(cell);
      Object.assign(cell, parts);
      enter(cell);
    },
    writers: writersOf,
    chain(name, place) {
      const before = writersOf(name).filter(each => each.place < place);
      const from = before.findLastIndex(({ uses }) => uses.declares.includes(name));
      return from < 0 ? [] : before.slice(from);
    },
    sharing(name) {
      shared ??= sharedNames(cells.values());
      return shared.get(name) ?? NONE;
    },
    mutates(method) {
      mutators ??= new Set([...cells.values()].flatMap(({ uses }) => uses.mutators));
      return mutators.has(method);
    },
  };
};

const byPlace = (a: Kept, b: Kept): number => a.place - b.place;

/** Every name with all others of its class. */
const sharedNames = (cells: Iterable<Kept>): Map<string, Set<string>> => {
  const classes = new Map<string, Set<string>>();
  for (const { uses } of cells) {
    for (const [name, others] of Object.entries(uses.aliases)) {
      const joined = new Set([name, ...others].flatMap(each => [each, ...(classes.get(each) ?? [])]));
      for (const each of joined) classes.set(each, joined);
    }
  }
  return classes;
};

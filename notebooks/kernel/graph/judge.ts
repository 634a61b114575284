import { type Difference, difference, type Step, type Write } from './chain.js';
import type { Cells, Kept } from './kept.js';

/** Why something is not what a fresh run would give. */
export type Cause =
  /** No cell above declares the name. */
  | { readonly kind: 'gone'; readonly name: string }
  | { readonly kind: 'unrun' | 'refused' | 'failed' | 'interrupted'; readonly cell: Kept }
  | { readonly kind: 'edited'; readonly cell: Kept; readonly file: string }
  /** The name comes from something else, or did when the cell ran. @param steps what it should come from */
  | {
      readonly kind: 'changed';
      readonly name: string;
      readonly cell: Kept;
      readonly steps: readonly Kept[];
      readonly by: Difference;
      /** Whether it did so when the cell ran; otherwise it does now. */
      readonly ran: boolean;
    }
  /** The name is declared in another way by now. */
  | { readonly kind: 'redeclared'; readonly name: string; readonly cell: Kept };

/** A name that a cell needs, and what is wrong with it. */
export interface Problem {
  readonly name: string;
  /** The cell whose run is stale; undefined where the name itself is not what it should be when the cell runs. */
  readonly of?: Kept;
  readonly cause: Cause;
}

export interface Judge {
  /** What is wrong with what a cell would find if it ran now. @param strict see chain.ts */
  problems(cell: Kept, strict: boolean): Problem[];
  /** Why the latest run of a cell is not as in a fresh run, if so. */
  stale(cell: Kept, strict: boolean): Cause | undefined;
  /** What has been found sound may not be so any more. */
  forget(): void;
  /** Names that it needs, which cells of the notebook have or have had, but none above it. */
  gone(cell: Kept): string[];
  /** The cells that have to run again, in order, for a cell to find what it would in a fresh run. */
  plan(cell: Kept): Kept[];
}

export interface JudgeParts {
  readonly cells: Cells;
  /** What the names have come from that the process has. */
  readonly current: ReadonlyMap<string, Write>;
  /** A file that was edited since the cell loaded it. */
  edited(cell: Kept, strict: boolean): string | undefined;
}

/** How a name is declared: by its type, or where that does not say all, by the text. A mention means the same as long as that is so. */
export const declarationOf = ({ source, uses: { types } }: Kept, name: string): string =>
  (Object.hasOwn(types, name) ? types[name] : undefined) ?? source;

export const needsOf = ({ reads, changes }: Pick<Kept, 'reads' | 'changes'>): Set<string> =>
  new Set([...reads, ...changes.keys()]);

/** Cells that are to run again, with the numbers that their runs get. */
type Again = Map<Kept, number>;

export const createJudge = ({ cells, current, edited }: JudgeParts): Judge => {
  const stepsOf = (chain: readonly Kept[], name: string, again?: Again): Step[] =>
    chain.map(cell => ({
      cell: cell.id,
      run: again?.get(cell) ?? cell.run?.number ?? 0,
      sure: cell.changes.get(name) ?? true,
    }));

  /** Whether a cell of the notebook has, or has had, the name. */
  const isKnown = (name: string) => current.has(name) || cells.writers(name).some(declares(name));

  /** Cells that were as in a fresh run when they were looked at: a cell that is added at the end changes nothing of that. */
  const sound = { strict: new Set<Kept>(), loose: new Set<Kept>() };

  const looking = (strict: boolean, again?: Again) => {
    const known = again && again.size > 0 ? undefined : sound[strict ? 'strict' : 'loose'];
    const found = new Map<Kept, Cause | undefined>();
    const stale = (cell: Kept): Cause | undefined => {
      if (again?.has(cell)) return undefined;
      if (known?.has(cell)) return undefined;
      if (found.has(cell)) return found.get(cell);
      const cause = look(cell);
      found.set(cell, cause);
      if (!cause) known?.add(cell);
      return cause;
    };
    const look = (cell: Kept): Cause | undefined => {
      const { run, place } = cell;
      if (!run) return { kind: 'unrun', cell };
      if (run.source !== cell.source) return { kind: 'refused', cell };
      if (run.how === 'interrupted') return { kind: 'interrupted', cell };
      if (strict && run.how === 'error') return { kind: 'failed', cell };
      const file = edited(cell, strict);
      if (file !== undefined) return { kind: 'edited', cell, file };
      for (const [name, input] of run.inputs) {
        const chain = cells.chain(name, place);
        const cause = chain.length === 0 ? (input ? gone(name) : undefined) : wrong(cell, name, input, chain);
        if (cause) return cause;
      }
      for (const [name, declaration] of run.mentions) {
        const [declarer] = cells.chain(name, place);
        if (!declarer) return gone(name);
        if (declarationOf(declarer, name) !== declaration) return { kind: 'redeclared', name, cell: declarer };
      }
      return undefined;
    };
    const wrong = (cell: Kept, name: string, input: Write | undefined, chain: readonly Kept[]): Cause | undefined => {
      for (const each of chain) {
        const cause = stale(each);
        if (cause) return cause;
      }
      const by = difference(input, stepsOf(chain, name, again), strict);
      return by && { kind: 'changed', name, cell, steps: chain, by, ran: true };
    };
    return { stale };
  };

  const problems = (cell: Kept, strict: boolean): Problem[] => {
    const { stale } = looking(strict);
    const found: Problem[] = [];
    for (const name of needsOf(cell)) {
      const chain = cells.chain(name, cell.place);
      if (chain.length === 0) {
        // Of a name that has no value, TypeScript tells.
        if (current.has(name)) found.push({ name, cause: gone(name) });
        continue;
      }
      const of = chain.find(stale);
      const by = difference(current.get(name), stepsOf(chain, name), strict);
      if (of) found.push({ name, of, cause: stale(of)! });
      else if (by) found.push({ name, cause: { kind: 'changed', name, cell, steps: chain, by, ran: false } });
    }
    return found;
  };

  /** What is still to be run again, so that each of these, and then the cell, finds what it should. */
  const lacking = (cell: Kept, again: Again): Kept[] => {
    const { stale } = looking(true, again);
    const state = new Map<string, Write | undefined>();
    for (const each of [...[...again.keys()].sort((a, b) => a.place - b.place), cell]) {
      const lacks = new Set<Kept>();
      for (const name of needsOf(each)) {
        const chain = cells.chain(name, each.place);
        for (const writer of chain) if (stale(writer)) lacks.add(writer);
        const last = state.has(name) ? state.get(name) : current.get(name);
        const by = chain.length > 0 ? difference(last, stepsOf(chain, name, again), true) : undefined;
        for (const writer of by ? chain.slice(by.kind === 'missing' ? by.from : 0) : []) lacks.add(writer);
      }
      for (const name of each.uses.mentions) {
        const [declarer] = cells.chain(name, each.place);
        if (declarer && declarer.run?.source !== declarer.source) lacks.add(declarer);
      }
      const missing = [...lacks].filter(other => !again.has(other));
      if (missing.length > 0) return missing;
      const run = again.get(each) ?? 0;
      for (const name of each.uses.declares) state.set(name, { cell: each.id, run, sure: true, before: undefined });
      for (const [name, sure] of each.changes) {
        const before = state.has(name) ? state.get(name) : current.get(name);
        state.set(name, { cell: each.id, run, sure, before });
      }
    }
    return [];
  };

  return {
    problems,
    forget() {
      sound.strict.clear();
      sound.loose.clear();
    },
    stale: (cell, strict) => looking(strict).stale(cell),
    gone: cell => [...needsOf(cell)].filter(name => cells.chain(name, cell.place).length === 0 && isKnown(name)),
    plan(cell) {
      const again: Again = new Map();
      for (let more = lacking(cell, again); more.length > 0; more = lacking(cell, again)) {
        for (const each of more) again.set(each, -1 - again.size);
      }
      return [...again.keys()].sort((a, b) => a.place - b.place);
    },
  };
};

const declares =
  (name: string) =>
  ({ uses }: Kept): boolean =>
    uses.declares.includes(name);

const gone = (name: string): Cause => ({ kind: 'gone', name });

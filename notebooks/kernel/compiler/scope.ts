import type { Declared } from './names.js';
import { SCOPE } from './virtual.js';

/** The names that cells have declared so far, and the slots (virtual modules) that their types live in. */
export interface Scope {
  /** The first slot that nothing in scope depends on. */
  freeSlot(): number;
  /** Statements that bring the names among `words` into a module that declares `own` itself. */
  prelude(words: ReadonlySet<string>, own: ReadonlySet<string>): Prelude;
  /** Enters what the cell in this slot declares and adds to. */
  commit(cell: Committed): void;
  /** Says names of the cell in this slot, as far as they are in scope, by a line each. */
  abridge(slot: number, lines: ReadonlyMap<string, string>): void;
  /** Slots that no name refers to, kept only because they add to one of these. */
  augmenting(names: readonly string[]): number[];
  names(): string[];
  clear(): void;
}

/** What a cell leaves behind for later ones. */
export interface Committed {
  readonly slot: number;
  readonly declared: readonly Declared[];
  /** Of its imports, by local name. */
  readonly aliases: ReadonlyMap<string, string>;
  /** Names of its own that a line declares, which needs no slot. */
  readonly lines?: ReadonlyMap<string, string>;
  /** Slots that it refers to. */
  readonly uses: readonly number[];
  /** What it adds to the global scope and to other modules. */
  readonly augmented: readonly string[];
}

export interface Prelude {
  readonly text: string;
  /** Slots that the statements refer to. */
  readonly uses: readonly number[];
}

interface Entry {
  readonly slot: number | undefined;
  /** The statement that declares the name. */
  readonly line: string;
}

/** @param path under the scope's name: cell3.x, imports.i0. */
const alias = (name: string, path: string): string => `import ${name} = ${SCOPE}.${path};`;
const ofCell = (name: string, slot: number, variable: boolean): string => {
  const path = `cell${slot}.${name}`;
  return variable ? `declare let ${name}: typeof ${SCOPE}.${path};` : alias(name, path);
};

export const createScope = (): Scope => {
  const entries = new Map<string, Entry>();
  const uses = new Map<number, readonly number[]>();
  /** Nobody refers to what `declare global` adds: its slot is kept until another one adds to the same. */
  const augmented = new Map<number, readonly string[]>();
  const live = (roots: Iterable<number> = augmented.keys()) => {
    const reached = new Set<number>();
    const named = [...entries.values()].flatMap(({ slot }) => (slot === undefined ? [] : [slot]));
    const queue = [...named, ...roots];
    for (let slot = queue.pop(); slot !== undefined; slot = queue.pop()) {
      if (reached.has(slot)) continue;
      reached.add(slot);
      queue.push(...(uses.get(slot) ?? []));
    }
    return reached;
  };
  const augmenting = (names: readonly string[]) => {
    const same = [...augmented].filter(([, added]) => names.some(each => added.includes(each)));
    if (same.length === 0) return [];
    const named = live([]);
    return same.map(([slot]) => slot).filter(slot => !named.has(slot));
  };
  return {
    freeSlot() {
      const taken = live();
      let slot = 0;
      while (taken.has(slot)) slot++;
      return slot;
    },
    prelude(words, own) {
      const wanted = [...words].filter(word => !own.has(word) && entries.has(word));
      const found = wanted.map(name => entries.get(name)!);
      return {
        text: found.map(({ line }) => line).join('\n'),
        uses: found.flatMap(({ slot }) => (slot === undefined ? [] : [slot])),
      };
    },
    commit({ slot, declared, aliases, lines, uses: needed, augmented: added }) {
      for (const old of augmenting(added)) augmented.delete(old);
      if (added.length > 0) augmented.set(slot, added);
      let kept = added.length > 0;
      for (const { name, how } of declared) {
        const imported = aliases.get(name);
        const line = imported ? alias(name, `imports.${imported}`) : lines?.get(name);
        kept ||= line === undefined;
        entries.set(
          name,
          line === undefined ? { slot, line: ofCell(name, slot, how === 'variable') } : { slot: undefined, line },
        );
      }
      // A cell that leaves nothing behind keeps no slot: another cell may have it by now.
      if (kept) uses.set(slot, needed);
    },
    abridge(slot, lines) {
      for (const [name, line] of lines) {
        if (entries.get(name)?.slot === slot) entries.set(name, { slot: undefined, line });
      }
    },
    augmenting,
    names: () => [...entries.keys()],
    clear() {
      augmented.clear();
      entries.clear();
      uses.clear();
    },
  };
};

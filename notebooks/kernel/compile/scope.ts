import type { Declared } from './names.js';
import { SCOPE } from './virtual.js';

/** The names that cells have declared so far, and the slots (virtual modules) that their types live in. */
export interface Scope {
  /** A slot that no name in scope depends on, and that is none of `busy`. May be beyond the pool: grow it. */
  freeSlot(): number;
  /** Statements that bring the names among `words` into a module that declares `own` itself. */
  prelude(words: ReadonlySet<string>, own: ReadonlySet<string>): Prelude;
  /** Enters what the cell in this slot declares; `aliases` of its imports by local name. */
  commit(
    slot: number,
    declared: readonly Declared[],
    aliases: ReadonlyMap<string, string>,
    uses: readonly number[],
  ): void;
  names(): string[];
  clear(): void;
}

export interface Prelude {
  readonly text: string;
  /** Slots that the statements refer to. */
  readonly uses: readonly number[];
}

interface Entry {
  /** Path under the scope's name: cell3.x, imports.i0. */
  readonly path: string;
  readonly slot: number | undefined;
  readonly variable: boolean;
}

export const createScope = (): Scope => {
  const entries = new Map<string, Entry>();
  const uses = new Map<number, readonly number[]>();
  const live = () => {
    const reached = new Set<number>();
    const queue = [...entries.values()].flatMap(({ slot }) => (slot === undefined ? [] : [slot]));
    for (let slot = queue.pop(); slot !== undefined; slot = queue.pop()) {
      if (reached.has(slot)) continue;
      reached.add(slot);
      queue.push(...(uses.get(slot) ?? []));
    }
    return reached;
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
      const found = wanted.map(name => ({ name, ...entries.get(name)! }));
      return {
        text: found.map(statement).join('\n'),
        uses: found.flatMap(({ slot }) => (slot === undefined ? [] : [slot])),
      };
    },
    commit(slot, declared, aliases, needed) {
      for (const { name, how } of declared) {
        const alias = aliases.get(name);
        if (alias) entries.set(name, { path: `imports.${alias}`, slot: undefined, variable: false });
        else entries.set(name, { path: `cell${slot}.${name}`, slot, variable: how === 'variable' });
      }
      uses.set(slot, needed);
    },
    names: () => [...entries.keys()],
    clear() {
      entries.clear();
      uses.clear();
    },
  };
};

const statement = ({ name, path, variable }: Entry & { name: string }): string =>
  variable ? `declare let ${name}: typeof ${SCOPE}.${path};` : `import ${name} = ${SCOPE}.${path};`;

import { MUTATING } from '../compiler/effects.js';
import type { Effects, Uses } from '../compiler/uses.js';
import type { Cells, Kept } from './kept.js';

/**
 * What a cell reads and changes, through the functions and the objects of other cells: who mentions a function is
 * taken to call it.
 */
export const expand = (uses: Uses, place: number, cells: Cells): Pick<Kept, 'uses' | 'reads' | 'changes'> => {
  const own = new Set(uses.declares);
  const reads = new Set(uses.reads);
  const changes = new Map<string, boolean>();
  const change = (name: string, sure: boolean) => {
    if (!own.has(name)) changes.set(name, sure || changes.get(name) === true);
  };
  const mutate = (name: string, sure: boolean) => {
    change(name, sure);
    for (const each of cells.sharing(name)) if (cells.chain(each, place).length > 0) change(each, sure);
  };
  const before = (name: string) => {
    const chain = cells.chain(name, place);
    return chain.length > 0 ? chain : cells.writers(name);
  };
  const take = ({ assigns, mutates, calls, passes }: Effects) => {
    for (const name of assigns) change(name, true);
    for (const name of mutates) mutate(name, true);
    for (const { name, method, changes: says } of calls) {
      const known = cells.mutates(method);
      // What an import brings has other methods than those that change it.
      const foreign = before(name).at(0)?.uses.imported.includes(name) === true && !MUTATING.test(method);
      if (known || (says && !foreign)) mutate(name, known || MUTATING.test(method));
    }
    for (const { name, to, position } of passes) {
      if (before(to).some(({ uses: { holds } }) => holds[to]?.changes.includes(position))) mutate(name, true);
    }
  };
  take(uses);
  const queue = [...uses.reads];
  for (const name of queue) {
    if (own.has(name)) continue;
    for (const { uses: other } of before(name)) {
      const held = Object.hasOwn(other.holds, name) ? other.holds[name] : undefined;
      if (!held) continue;
      for (const each of held.reads) if (!own.has(each)) reads.add(each);
      for (const each of [...held.reads, ...held.through]) if (!queue.includes(each)) queue.push(each);
      take(held);
    }
  }
  return { uses, reads, changes };
};

import type { Uses } from '../compiler/uses.js';
import type { GraphRow } from '../link/protocol.js';
import type { Project } from '../project/project.js';
import type { ProjectOptions } from '../project/project-options.js';
import type { Write } from './chain.js';
import { expand } from './expand.js';
import { createJudge, declarationOf, needsOf } from './judge.js';
import { createKept, type Kept } from './kept.js';
import { createModuleFiles } from './module-files.js';
import { rowsOf } from './rows.js';
import { createWords } from './words.js';

/** Which cell reads, declares and changes which names, and what of it is not as a fresh run would have it. */
export interface Graph {
  /** A cell is to be run, or was refused: `uses` of this text. Returns the cell as it is known from now on. */
  enter(sent: Sent): Kept;
  deleted(ids: readonly string[]): void;
  get(id: string): Kept | undefined;
  /** What is not as in a fresh run of what the cell is going to read, in one line; '' where all is well. */
  problems(cell: Kept): string;
  /** The first cell that has to run again before this one, and how many that are. */
  next(cell: Kept): { readonly cell: Kept; readonly of: number } | undefined;
  /** Why a fresh run would refuse a cell: it needs names that no cell above it declares. */
  refusal(cell: Kept): string | undefined;
  /** What the project says of its modules. */
  configure(options: ProjectOptions): void;
  /** Files may have been edited: they are asked for their times. */
  refresh(): void;
  /** Whether files that cells have loaded were edited since; @param cell of those that this one imports, too */
  edited(cell?: Kept): boolean;
  /** The cell begins. */
  began(cell: Kept): void;
  ended(cell: Kept, how: 'ok' | 'error' | 'interrupted'): void;
  /** All modules have been loaded again, and the names that imports declare are new. */
  reloaded(): void;
  /** The process that had the names is gone. */
  lost(): void;
  /** Does what nobody needs to wait for. */
  settle(): void;
  rows(): GraphRow[];
}

export interface Sent {
  readonly id: string;
  /** The execution that its output belongs to. */
  readonly number: number;
  readonly label: string;
  readonly source: string;
  /** undefined where the text cannot be read. */
  readonly uses: Uses | undefined;
  /** Whether it passed its check. */
  readonly passed: boolean;
  /** Cells that are known to stand below it, in this order. */
  readonly following: readonly string[];
}

const NOTHING: Uses = {
  declares: [],
  imported: [],
  reads: [],
  assigns: [],
  mutates: [],
  calls: [],
  passes: [],
  mentions: [],
  holds: {},
  aliases: {},
  mutators: [],
  modules: [],
  types: {},
};

/** Cells without an id come again and again under new ones: of so many, the oldest are let go. */
const MOST = 2000;

export const createGraph = (project: Project): Graph => {
  let options: ProjectOptions | undefined;
  const cells = createKept();
  const current = new Map<string, Write>();
  const removed = new Map<string, string>();
  const files = createModuleFiles(project, () => options);
  let runs = 0;
  let unlooked = false;

  const since = ({ run }: Kept) => run?.loaded ?? Number.POSITIVE_INFINITY;
  const editedOf = (cell: Kept): string[] =>
    cell.uses.modules.length > 0 ? files.edited(cell.uses.modules, since(cell)) : [];
  /** Cells that have imported something. */
  const loaders = new Set<Kept>();
  const loading = () =>
    [...loaders].filter(cell => cell.run && cell.uses.modules.length > 0 && cells.get(cell.id) === cell);
  const edited = (cell: Kept, strict: boolean): string | undefined => {
    if (cell.uses.modules.length === 0) return undefined;
    const [own] = editedOf(cell);
    return own ?? (strict ? files.editedAny(cell.uses.modules, since(cell)) : undefined);
  };
  const judge = createJudge({ cells, current, edited });
  const words = createWords({
    cells,
    deleted: id => removed.get(id),
    origin(name) {
      let write = current.get(name);
      while (write?.before) write = write.before;
      return write?.cell;
    },
    root: project.root,
  });

  /** A cell that reads what only cells declare that stood behind it until now stands behind the first of these. */
  const settleIn = (cell: Kept) => {
    for (const name of needsOf(cell)) {
      if (cells.chain(name, cell.place).length > 0) continue;
      const below = cells.writers(name).find(each => each !== cell && each.uses.declares.includes(name));
      if (below && below.place > cell.place) {
        judge.forget();
        cells.move(cell, below);
      }
    }
  };

  const arrange = (first: Kept, following: readonly string[]) => {
    let above = first;
    for (const id of following) {
      const cell = cells.get(id);
      if (!cell || cell === above) continue;
      if (cell.place < above.place) {
        judge.forget();
        cells.move(cell, above);
      }
      above = cell;
    }
  };

  /** What functions and other names mean has changed for the cells from here on. */
  const expandFrom = (place: number) => {
    if (place >= cells.last()) return;
    for (const each of cells.all()) if (each.place >= place) cells.change(each, expand(each.uses, each.place, cells));
  };

  const write = (cell: Kept, run: number) => {
    for (const name of cell.uses.declares) current.set(name, { cell: cell.id, run, sure: true, before: undefined });
    for (const [name, sure] of cell.changes) {
      if (current.has(name)) current.set(name, { cell: cell.id, run, sure, before: current.get(name) });
    }
  };

  return {
    get: cells.get,
    enter({ id, number, label, source, uses: given, passed, following }) {
      const known = cells.get(id);
      const uses = given && (passed || known?.run) ? given : NOTHING;
      const another = known?.source !== source;
      const fresh: Kept = { id, label, number, source, uses: NOTHING, reads: new Set(), changes: new Map(), place: 0 };
      const cell = known ?? fresh;
      if (known) judge.forget();
      else cells.put(cell);
      arrange(cell, following);
      cell.label = label;
      cell.number = number;
      cell.source = source;
      cells.change(cell, expand(uses, cell.place, cells));
      if (another) {
        settleIn(cell);
        expandFrom(cell.place);
      }
      return cell;
    },
    deleted(ids) {
      for (const id of ids) {
        const cell = cells.get(id);
        if (!cell) continue;
        judge.forget();
        removed.set(id, cell.label);
        cells.drop(cell);
        loaders.delete(cell);
        expandFrom(cell.place);
      }
    },
    problems(cell) {
      const found = judge.problems(cell, false);
      return found.length > 0 ? words.problems(found, cell) : '';
    },
    next(cell) {
      const plan = judge.plan(cell);
      return plan[0] && { cell: plan[0], of: plan.length };
    },
    refusal(cell) {
      const [name] = judge.gone(cell);
      return name === undefined ? undefined : words.cause({ kind: 'gone', name }, cell);
    },
    configure(given) {
      options = given;
    },
    refresh() {
      files.refresh();
      if (loading().some(cell => editedOf(cell).length > 0)) judge.forget();
    },
    edited(cell) {
      if (cell?.uses.modules.length === 0) return false;
      const found = new Set(loading().flatMap(editedOf));
      if (!cell || found.size === 0) return found.size > 0;
      files.look(cell.uses.modules);
      return files.of(cell.uses.modules).some(file => found.has(file));
    },
    began(cell) {
      cells.change(cell, expand(cell.uses, cell.place, cells));
      const mentions = cell.uses.mentions.flatMap(name => {
        const [declarer] = cells.chain(name, cell.place);
        return declarer ? [[name, declarationOf(declarer, name)] as const] : [];
      });
      cell.run = {
        number: ++runs,
        source: cell.source,
        how: 'running',
        inputs: new Map([...needsOf(cell)].map(name => [name, current.get(name)])),
        mentions: new Map(mentions),
        loaded: Date.now(),
      };
      write(cell, runs);
      if (cell.uses.modules.length > 0) {
        loaders.add(cell);
        unlooked = true;
      }
      const [oldest] = cells.ids();
      if (cells.size() > MOST && oldest !== undefined && oldest !== cell.id) cells.drop(cells.get(oldest)!);
    },
    ended(cell, how) {
      if (how !== 'ok') judge.forget();
      if (cell.run) cell.run.how = how;
    },
    reloaded() {
      files.refresh();
      const edited = new Set(loading().filter(cell => editedOf(cell).length > 0));
      for (const cell of loading()) cell.run!.loaded = Date.now();
      files.loaded();
      judge.forget();
      for (const cell of edited) {
        const run = ++runs;
        cell.run!.number = run;
        for (const name of cell.uses.declares) {
          if (current.get(name)?.cell === cell.id)
            current.set(name, { cell: cell.id, run, sure: true, before: undefined });
        }
      }
    },
    lost() {
      current.clear();
      judge.forget();
      for (const cell of cells.all()) delete cell.run;
    },
    settle() {
      if (!unlooked) return;
      unlooked = false;
      for (const { uses } of loading()) files.look(uses.modules);
    },
    rows: () =>
      rowsOf(cells, cell => {
        const cause = judge.stale(cell, false);
        return cause && words.cause(cause, cell);
      }),
  };
};

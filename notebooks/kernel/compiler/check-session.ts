import { isAbsolute, join } from 'node:path';
import type { ImportedName } from '../link/protocol.js';
import { isRelative, type Project } from '../project/project.js';
import type { ProjectOptions } from '../project/project-options.js';
import { child, type Node, text } from './ast.js';
import { candidates, namesWithin } from './candidates.js';
import { type Completion, createChecker } from './checker.js';
import { adapted, jsxNames, projectOptions } from './compiler-options.js';
import { configFaults } from './config-faults.js';
import { createFileFaults } from './file-faults.js';
import type { Finding } from './finding.js';
import { createImportCheck } from './import-check.js';
import { createImports } from './imports.js';
import type { Inspection } from './inspected.js';
import { singleLines } from './lines.js';
import { memberPath } from './member-path.js';
import { type CellModule, cellModule, importedAt, inCell } from './module.js';
import { createScope } from './scope.js';
import { createSlots, FIRST_POOL } from './slots.js';
import { unsupervised } from './supervision.js';
import { type Uses, usesOf } from './uses.js';
import { baseText, EMPTY_SLOT, initialFiles, layout, SCOPE } from './virtual.js';

/** Checks cells one after another, each in a module of its own that sees what earlier cells declared. */
export interface CheckSession {
  check(cell: CellText): Check;
  /** @param whole the cell as far as it is written, where it cannot be read as it stands */
  complete(cell: CellText, offset: number, whole?: Node): Completions;
  inspect(cell: CellText, offset: number): Inspection | undefined;
  /** Does what the next check would otherwise wait for. */
  settle(): void;
  /** Files on disk have changed. */
  invalidate(): void;
  /** Forgets all names: the process that held their values is gone. */
  clear(): void;
  /** Whether warnings() may have something to say. */
  hasNews(): boolean;
  /** What is wrong around the cells, of which nobody has been told yet; no cell fails of it. */
  warnings(): string[];
  /** What running the project's code depends on. */
  options(): ProjectOptions;
  close(): void;
}

export interface Completions {
  readonly all: readonly Completion[];
  /** A value whose properties TypeScript does not know: the process that has it may be asked. */
  readonly live?: readonly string[];
}

export interface CellText {
  readonly code: string;
  readonly program: Node;
  /** Whether it is TypeScript with JSX. */
  readonly jsx: boolean;
}

export interface Check {
  /** With offsets in the cell's text. */
  readonly findings: readonly Finding[];
  /** What the cell imports by name and is a type only. */
  readonly types: readonly ImportedName[];
  /** What the cell has to do with the names of others; to be asked before another cell is checked. */
  uses(): Uses;
  /** Makes the cell's names visible to the next cells. */
  commit(): void;
  /** Whether a check of the same text would find the same now: nothing has changed that this one has seen. */
  holds(): boolean;
}

export const createCheckSession = (project: Project, supervision = unsupervised): CheckSession => {
  const paths = layout(project);
  const scope = createScope();
  const imports = createImports();
  /** Counts changes of what every cell sees. */
  let generation = 0;
  const checker = createChecker({
    cwd: project.notebook,
    paths,
    files: initialFiles(project, FIRST_POOL),
    base: options => baseText(project, options && adapted(options)),
    supervision,
  });
  const { put, file, version } = createSlots(paths, checker);

  const imported = createImportCheck(imports, paths.imports, checker);
  const faults = createFileFaults(project, checker);
  /** Whether files may have come into the program, or others in their places, since the warnings were asked for. */
  let moved = true;
  let begun = false;

  /** Cells whose names have come into scope since nobody waited. */
  const recent: { readonly version: number; abridge(): void; readonly slot: number }[] = [];

  const load = ({ code, program, jsx }: CellText, words?: ReadonlySet<string>): CellModule => {
    const slot = scope.freeSlot();
    const before = imports.text();
    const implied = jsx ? jsxNames(projectOptions(checker.options())) : [];
    const module = cellModule(code, program, { project, scope, imports, slot, implied, ...(words ? { words } : {}) });
    moved ||= (imports.text() !== before && module.imports.some(mayBeOwn)) || /\bimport\s*\(/.test(code);
    if (imports.text() !== before) imported.put();
    put(slot, module.body.text(), jsx);
    return module;
  };

  /** Whether an import may bring files of the project: packages have none. */
  const mayBeOwn = ({ statement }: CellModule['imports'][number]): boolean => {
    const specifier = text(child(statement, 'source'), 'value');
    return isRelative(specifier) || isAbsolute(specifier) || projectOptions(checker.options()).paths.length > 0;
  };

  /** A cell that the checker dies of leaves nothing behind that it would die of again. */
  const asking = <Answer>(module: CellModule, ask: () => Answer, failed = () => {}): Answer => {
    try {
      return ask();
    } catch (error) {
      imports.drop(new Set(module.imports.flatMap(({ aliases }) => aliases)));
      imported.put();
      put(module.slot, EMPTY_SLOT);
      failed();
      throw error;
    }
  };

  const globals = (): Completion[] => {
    const slot = scope.freeSlot();
    const text = `${EMPTY_SLOT}globalThis.`;
    put(slot, text);
    return checker.complete(file(slot), text.length) ?? [];
  };

  const findingsIn = (module: CellModule): Finding[] => {
    const [bad = []] = imported.findings([module]);
    if (bad.length > 0) return bad;
    return imported.diagnose(file(module.slot)).map(finding => inCell(module, finding));
  };

  /** All that a check of this module sees, and where its names live. */
  const seen = ({ slot, declared, uses, prelude }: CellModule, lines?: ReadonlyMap<string, string>): string => {
    const lasting = declared.filter(({ name, how }) => how !== 'imported' && !lines?.has(name));
    const versions = [...uses, ...(lasting.length > 0 ? [slot] : [])].map(version);
    return [generation, ...versions, prelude(), imports.text()].join('\n');
  };

  /** The names of a cell that a line declares. */
  const linesOf = ({ code, program }: CellText, module: CellModule): ReadonlyMap<string, string> => {
    const found = singleLines(code, program);
    const offsets = found.filter(({ type }) => type === undefined).map(({ at }) => module.body.textOffset(at));
    const types = offsets.length > 0 ? checker.types(file(module.slot), offsets) : [];
    return new Map(found.map(({ name, type, line }) => [name, line(type ?? types.shift()!)] as const).filter(isSaid));
  };

  return {
    check(cell) {
      const module = load(cell);
      const augments = module.augmented.length > 0;
      if (augments) generation++;
      const replaced = scope.augmenting(module.augmented).map(slot => put(slot, EMPTY_SLOT));
      const restore = () => {
        for (const each of replaced) each();
      };
      const findings = asking(module, () => findingsIn(module), restore);
      if (findings.length > 0) restore();
      let lines: ReadonlyMap<string, string> | undefined;
      let then = seen(module);
      const types = findings.length > 0 ? [] : asking(module, () => imported.types(module));
      const holds = () => !augments && seen(module, lines) === then;
      const abridge = () => {
        if (lines || !holds()) return;
        lines = linesOf(cell, module);
        then = seen(module, lines);
        scope.abridge(module.slot, lines);
      };
      const commit = () => {
        scope.commit({ ...module, ...(lines ? { lines } : {}) });
        if (!lines && !augments) recent.push({ slot: module.slot, version: version(module.slot), abridge });
      };
      let known: Uses | undefined;
      const typesAt = (offsets: readonly number[]) =>
        asking(module, () => {
          const places = offsets.map(each => module.body.textOffset(each));
          return checker.types(file(module.slot), places);
        });
      const uses = () => {
        known ??= usesOf(cell.program, findings.length > 0 ? undefined : typesAt);
        return known;
      };
      return { findings, types, uses, commit, holds };
    },
    complete(cell, offset, whole = cell.program) {
      const module = load(cell, new Set(scope.names()));
      const before = module.body.textOffset(offset - 1);
      const at = before < 0 ? module.start : before + 1;
      const found = asking(module, () => checker.complete(file(module.slot), at));
      const all = (found ?? candidates(whole, scope.names(), globals())).filter(({ name }) => name !== SCOPE);
      const value = all.length === 0 ? memberPath(cell.code, offset) : undefined;
      // A name of the cell itself has no value yet, or another one.
      if (!value || namesWithin(whole).includes(value.path[0]!)) return { all };
      const unknown = asking(module, () => checker.isAny(file(module.slot), module.body.textOffset(value.at)));
      return unknown ? { all, live: value.path } : { all };
    },
    inspect(cell, offset) {
      const module = load(cell);
      const copied = module.body.textOffset(offset);
      const at = copied < 0 ? importedAt(module, offset) : copied;
      return at < 0 ? undefined : asking(module, () => checker.inspect(file(module.slot), at));
    },
    settle() {
      for (const each of recent.splice(0)) if (version(each.slot) === each.version) each.abridge();
      checker.settle();
    },
    invalidate() {
      generation++;
      moved = true;
      faults.again();
      checker.invalidate();
    },
    clear() {
      generation++;
      recent.length = 0;
      scope.clear();
    },
    hasNews: () => moved,
    warnings() {
      const config = begun ? [] : configFaults(join(project.root, 'tsconfig.json'));
      const types = moved ? faults.found() : [];
      begun = true;
      moved = false;
      const title = 'type errors in files that cells import; they run all the same';
      return [...config, ...(types.length > 0 ? [[title, ...types].join('\n  ')] : [])].map(each => `tsnb: ${each}\n`);
    },
    options: () => projectOptions(checker.options()),
    close: () => checker.close(),
  };
};

const isSaid = (entry: readonly [string, string | undefined]): entry is readonly [string, string] =>
  entry[1] !== undefined;

import type { ImportedName } from '../link/protocol.js';
import type { Project } from '../project/project.js';
import type { ProjectOptions } from '../project/project-options.js';
import { child, list, type Node, text } from './ast.js';
import { candidates } from './candidates.js';
import { type Completion, createChecker, type Finding, type Inspection } from './checker.js';
import { adapted, jsxNames, projectOptions } from './compiler-options.js';
import { createImports, importedName } from './imports.js';
import { type CellModule, cellModule } from './module.js';
import { lineOf, lineStarts } from './pieces.js';
import { createScope } from './scope.js';
import { createSlots, FIRST_POOL } from './slots.js';
import { baseText, EMPTY_SLOT, initialFiles, layout, SCOPE } from './virtual.js';

/** Checks cells one after another, each in a module of its own that sees what earlier cells declared. */
export interface CheckSession {
  check(cell: CellText): Check;
  complete(cell: CellText, offset: number): Completion[];
  inspect(cell: CellText, offset: number): Inspection | undefined;
  /** Does what the next check would otherwise wait for. */
  settle(): void;
  /** Files on disk have changed. */
  invalidate(): void;
  /** Forgets all names: the process that held their values is gone. */
  clear(): void;
  /** What running the project's code depends on. */
  options(): ProjectOptions;
  close(): void;
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
  /** Makes the cell's names visible to the next cells. */
  commit(): void;
  /** Whether a check of the same text would find the same now: nothing has changed that this one has seen. */
  holds(): boolean;
}

export const createCheckSession = (project: Project): CheckSession => {
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
  });
  const { put, file, version } = createSlots(paths, checker);

  const setImports = () => checker.update(new Map([[paths.imports, `${imports.text()}\nexport {};\n`]]));

  const load = ({ code, program, jsx }: CellText, words?: ReadonlySet<string>): CellModule => {
    const slot = scope.freeSlot();
    const before = imports.text();
    const implied = jsx ? jsxNames(projectOptions(checker.options())) : [];
    const module = cellModule(code, program, { project, scope, imports, slot, implied, ...(words ? { words } : {}) });
    if (imports.text() !== before) setImports();
    put(slot, module.body.text(), jsx);
    return module;
  };

  /** A cell that the checker dies of leaves nothing behind that it would die of again. */
  const asking = <Answer>(module: CellModule, ask: () => Answer, failed = () => {}): Answer => {
    try {
      return ask();
    } catch (error) {
      imports.drop(new Set(module.imports.flatMap(({ aliases }) => aliases)));
      setImports();
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

  const diagnose = (file: string): Finding[] => {
    const found = checker.diagnose(file);
    const unsure = found.some(({ message }) => /'default'|'export \*'/.test(message));
    if (!unsure || !imports.exact()) return found;
    setImports();
    return checker.diagnose(file);
  };

  /** Errors in the module of imports belong to the cell's import declaration of that line. */
  const importFindings = (module: CellModule): Finding[] => {
    if (module.imports.length === 0) return [];
    const lines = lineStarts(imports.text());
    const all = diagnose(paths.imports).map(finding => {
      return { finding, alias: imports.aliasOn(lineOf(lines, finding.start)) ?? '' };
    });
    // `@ts-expect-error` before several names: an error of one is enough.
    const idle = new Set(all.filter(({ finding }) => finding.code === UNUSED_DIRECTIVE).map(({ alias }) => alias));
    const excused = module.imports.flatMap(({ aliases }) => (aliases.every(each => idle.has(each)) ? [] : aliases));
    const found = all.filter(({ alias }) => !idle.has(alias) || !excused.includes(alias));
    const own = module.imports.flatMap(({ statement, aliases }) => {
      const first = found.filter(({ alias }) => aliases.includes(alias)).slice(0, 1);
      const source = child(statement, 'source') ?? child(statement, 'id') ?? statement;
      return first.map(({ finding }) => ({ ...finding, start: source.start, end: source.end }));
    });
    if (found.length > 0) {
      imports.drop(new Set(found.map(({ alias }) => alias)));
      setImports();
    }
    return own;
  };

  const findingsIn = (module: CellModule): Finding[] => {
    const bad = importFindings(module);
    if (bad.length > 0) return bad;
    return diagnose(file(module.slot)).map(finding => mapped(module, finding));
  };

  const typesOf = (module: CellModule): ImportedName[] => {
    const named = module.imports.flatMap(({ statement, aliases }) =>
      list(statement, 'specifiers').flatMap((each, index) => {
        const name = importedName(each);
        const specifier = text(child(statement, 'source'), 'value');
        return name === undefined ? [] : [{ specifier, name, at: imports.offset(aliases[index]!) }];
      }),
    );
    if (named.length === 0) return [];
    const offsets = named.map(({ at }) => at);
    const values = asking(module, () => checker.values(paths.imports, offsets));
    return named.filter((_, index) => !values[index]).map(({ specifier, name }) => ({ specifier, name }));
  };

  /** All that a check of this module sees. */
  const seen = ({ slot, declared, uses, prelude }: CellModule): string => {
    const versions = [...uses, ...(declared.length > 0 ? [slot] : [])].map(version);
    return [generation, ...versions, prelude(), imports.text()].join('\n');
  };

  const mapped = (module: CellModule, finding: Finding): Finding => ({
    ...finding,
    message: finding.message.replaceAll(/import\("[^"]*(?:\.tsnb\/(?:cell\d+|all)|tsnb\.imports)"\)\./g, ''),
    start: module.body.sourceOffset(finding.start),
    end: module.body.sourceOffset(finding.end),
  });

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
      const then = seen(module);
      const types = findings.length > 0 ? [] : typesOf(module);
      return { findings, types, commit: () => scope.commit(module), holds: () => !augments && seen(module) === then };
    },
    complete(cell, offset) {
      const module = load(cell, new Set(scope.names()));
      const before = module.body.textOffset(offset - 1);
      const at = before < 0 ? module.start : before + 1;
      const found = asking(module, () => checker.complete(file(module.slot), at));
      return (found ?? candidates(cell.program, scope.names(), globals())).filter(({ name }) => name !== SCOPE);
    },
    inspect(cell, offset) {
      const module = load(cell);
      return asking(module, () => checker.inspect(file(module.slot), module.body.textOffset(offset)));
    },
    settle: () => checker.settle(),
    invalidate() {
      generation++;
      checker.invalidate();
    },
    clear() {
      generation++;
      scope.clear();
    },
    options: () => projectOptions(checker.options()),
    close: () => checker.close(),
  };
};

/** TypeScript's word for a `@ts-expect-error` without an error. */
const UNUSED_DIRECTIVE = 2578;

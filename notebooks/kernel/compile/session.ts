import type { Project } from '../project.js';
import { child, type Node } from './ast.js';
import { candidates } from './candidates.js';
import { type Checker, type Completion, createChecker, type Finding, type Inspection } from './checker.js';
import { createImports } from './imports.js';
import { type CellModule, cellModule } from './module.js';
import { createScope } from './scope.js';
import { allText, configText, EMPTY_SLOT, initialFiles, layout, SCOPE } from './virtual.js';

/** Checks cells one after another, each in a module of its own that sees what earlier cells declared. */
export interface CheckSession {
  /** Findings with offsets in the cell's text. `commit` makes its names visible to the next cells. */
  check(code: string, program: Node): { findings: Finding[]; commit(): void };
  complete(code: string, program: Node, offset: number): Completion[];
  inspect(code: string, program: Node, offset: number): Inspection | undefined;
  /** Does now, in idle time, what the next check would otherwise wait for. */
  settle(): void;
  /** Files on disk have changed. */
  invalidate(): void;
  /** Forgets all names: the process that held their values is gone. */
  clear(): void;
  experimentalDecorators: Checker['experimentalDecorators'];
  close(): void;
}

const FIRST_POOL = 64;

export const createCheckSession = (project: Project): CheckSession => {
  const paths = layout(project);
  const scope = createScope();
  const imports = createImports();
  let pool = FIRST_POOL;
  const checker = createChecker(project.notebook, paths, initialFiles(project, pool));

  const grow = () => {
    const before = pool;
    pool *= 2;
    const files = new Map([
      [paths.config, configText(project, paths, pool)],
      [paths.all, allText(pool)],
    ]);
    for (let slot = before; slot < pool; slot++) files.set(paths.slot(slot), EMPTY_SLOT);
    checker.update(files);
  };

  const setImports = () => checker.update(new Map([[paths.imports, `${imports.text()}\nexport {};\n`]]));

  const load = (code: string, program: Node, words?: ReadonlySet<string>): CellModule => {
    const slot = scope.freeSlot();
    while (slot >= pool) grow();
    const before = imports.text();
    const module = cellModule(code, program, { project, scope, imports, slot, ...(words ? { words } : {}) });
    if (imports.text() !== before) setImports();
    checker.update(new Map([[paths.slot(slot), module.body.text()]]));
    return module;
  };

  const globals = (): Completion[] => {
    const slot = scope.freeSlot();
    const text = `${EMPTY_SLOT}globalThis.`;
    checker.update(new Map([[paths.slot(slot), text]]));
    return checker.complete(paths.slot(slot), text.length) ?? [];
  };

  /** Errors in the module of imports belong to the cell's import declaration of that line. */
  const importFindings = (module: CellModule): Finding[] => {
    if (module.imports.length === 0) return [];
    const lines = imports.text().split('\n');
    const found = checker
      .diagnose(paths.imports)
      .map(finding => ({ finding, line: lineAt(lines, finding.start) }));
    const findings = module.imports.flatMap(({ statement, aliases }) => {
      const own = new Set(aliases.map(alias => imports.line(alias)));
      const first = found.filter(({ line }) => own.has(line)).slice(0, 1);
      const source = child(statement, 'source') ?? statement;
      return first.map(({ finding }) => ({ ...finding, start: source.start, end: source.end }));
    });
    if (found.length > 0) {
      imports.drop(new Set(found.map(({ line }) => line)));
      setImports();
    }
    return findings;
  };

  const mapped = (module: CellModule, finding: Finding): Finding => ({
    ...finding,
    message: finding.message.replaceAll(/import\("[^"]*(?:\.tsnb\/(?:cell\d+|all)|tsnb\.imports)"\)\./g, ''),
    start: module.body.sourceOffset(finding.start),
    end: module.body.sourceOffset(finding.end),
  });

  return {
    check(code, program) {
      const module = load(code, program);
      const bad = importFindings(module);
      const own =
        bad.length > 0
          ? []
          : checker.diagnose(paths.slot(module.slot)).map(finding => mapped(module, finding));
      const commit = () => scope.commit(module.slot, module.declared, module.aliases, module.uses);
      return { findings: [...bad, ...own], commit };
    },
    complete(code, program, offset) {
      const module = load(code, program, new Set(scope.names()));
      const before = module.body.textOffset(offset - 1);
      const found = checker.complete(paths.slot(module.slot), before < 0 ? EMPTY_SLOT.length : before + 1);
      return (found ?? candidates(program, scope.names(), globals())).filter(({ name }) => name !== SCOPE);
    },
    inspect(code, program, offset) {
      const module = load(code, program);
      return checker.inspect(paths.slot(module.slot), module.body.textOffset(offset));
    },
    settle: () => checker.settle(),
    invalidate: () => checker.invalidate(),
    clear: () => scope.clear(),
    experimentalDecorators: checker.experimentalDecorators,
    close: () => checker.close(),
  };
};

const lineAt = (lines: readonly string[], offset: number): number => {
  let end = 0;
  return lines.findIndex(line => {
    end += line.length + 1;
    return offset < end;
  });
};

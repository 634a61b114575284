import type { Project } from '../project/project.js';
import { child, type Node } from './ast.js';
import { candidates } from './candidates.js';
import { type Checker, type Completion, createChecker, type Finding, type Inspection } from './checker.js';
import { createImports } from './imports.js';
import { type CellModule, cellModule } from './module.js';
import { createScope } from './scope.js';
import { createSlots, FIRST_POOL } from './slots.js';
import { unsupervised } from './supervision.js';
import { EMPTY_SLOT, initialFiles, layout, SCOPE } from './virtual.js';

/** Checks cells one after another, each in a module of its own that sees what earlier cells declared. */
export interface CheckSession {
  check(code: string, program: Node): Check;
  complete(code: string, program: Node, offset: number): Completion[];
  inspect(code: string, program: Node, offset: number): Inspection | undefined;
  /** Does what the next check would otherwise wait for. */
  settle(): void;
  /** Files on disk have changed. */
  invalidate(): void;
  /** Forgets all names: the process that held their values is gone. */
  clear(): void;
  experimentalDecorators: Checker['experimentalDecorators'];
  close(): void;
}

export interface Check {
  /** With offsets in the cell's text. */
  readonly findings: readonly Finding[];
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
  const checker = createChecker(project.notebook, paths, initialFiles(project, FIRST_POOL), supervision);
  const { put, version } = createSlots(project, paths, checker);

  const setImports = () => checker.update(new Map([[paths.imports, `${imports.text()}\nexport {};\n`]]));

  const load = (code: string, program: Node, words?: ReadonlySet<string>): CellModule => {
    const slot = scope.freeSlot();
    const before = imports.text();
    const module = cellModule(code, program, { project, scope, imports, slot, ...(words ? { words } : {}) });
    if (imports.text() !== before) setImports();
    put(slot, module.body.text());
    return module;
  };

  /** A cell that the checker dies of leaves nothing behind that it would die of again. */
  const asking = <Answer>(module: CellModule, ask: () => Answer, failed = () => {}): Answer => {
    try {
      return ask();
    } catch (error) {
      imports.drop(new Set(module.imports.flatMap(({ aliases }) => aliases.map(imports.line))));
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
    return checker.complete(paths.slot(slot), text.length) ?? [];
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
    const findings = diagnose(paths.imports);
    const lines = imports.text().split('\n');
    const found = findings.map(finding => ({ finding, line: lineAt(lines, finding.start) }));
    const own = module.imports.flatMap(({ statement, aliases }) => {
      const at = new Set(aliases.map(alias => imports.line(alias)));
      const first = found.filter(({ line }) => at.has(line)).slice(0, 1);
      const source = child(statement, 'source') ?? child(statement, 'id') ?? statement;
      return first.map(({ finding }) => ({ ...finding, start: source.start, end: source.end }));
    });
    if (found.length > 0) {
      imports.drop(new Set(found.map(({ line }) => line)));
      setImports();
    }
    return own;
  };

  const findingsIn = (module: CellModule): Finding[] => {
    const bad = importFindings(module);
    if (bad.length > 0) return bad;
    return diagnose(paths.slot(module.slot)).map(finding => mapped(module, finding));
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
    check(code, program) {
      const module = load(code, program);
      const augments = module.augmented.length > 0;
      if (augments) generation++;
      const replaced = scope.augmenting(module.augmented).map(slot => put(slot, EMPTY_SLOT));
      const restore = () => {
        for (const each of replaced) each();
      };
      const findings = asking(module, () => findingsIn(module), restore);
      if (findings.length > 0) restore();
      const then = seen(module);
      return { findings, commit: () => scope.commit(module), holds: () => !augments && seen(module) === then };
    },
    complete(code, program, offset) {
      const module = load(code, program, new Set(scope.names()));
      const before = module.body.textOffset(offset - 1);
      const at = before < 0 ? module.start : before + 1;
      const found = asking(module, () => checker.complete(paths.slot(module.slot), at));
      return (found ?? candidates(program, scope.names(), globals())).filter(({ name }) => name !== SCOPE);
    },
    inspect(code, program, offset) {
      const module = load(code, program);
      return asking(module, () => checker.inspect(paths.slot(module.slot), module.body.textOffset(offset)));
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

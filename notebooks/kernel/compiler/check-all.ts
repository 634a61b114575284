import type { Project } from '../project/project.js';
import { child, list, type Node, text, walk } from './ast.js';
import { createChecker } from './checker.js';
import { adapted, jsxNames, projectOptions } from './compiler-options.js';
import { DEEPEST, depthOf, tooDeep } from './depth.js';
import type { Finding } from './finding.js';
import { createImportCheck } from './import-check.js';
import { createImports, type Imports } from './imports.js';
import { type Reading, reading } from './literal.js';
import { type CellModule, cellModule, inCell } from './module.js';
import { type Parsed, parse, programOf } from './parse.js';
import { createScope } from './scope.js';
import { unsupervised } from './supervision.js';
import { baseText, configText, initialFiles, layout } from './virtual.js';

/** A cell that was checked beside all others, without running. Offsets are those of `reading.text`. */
export interface CheckedCell {
  readonly reading: Reading;
  /** Of what cannot be read, as far as it goes. */
  readonly program: Node;
  readonly findings: readonly Finding[];
  /** Statements that leave a promise alone. */
  readonly promises: readonly Node[];
}

interface Draft {
  /** Its place among the cells of all notebooks. */
  readonly slot: number;
  readonly reading: Reading;
  readonly program: Node;
  readonly parsed: Parsed;
  readonly faults: readonly Finding[];
  readonly module: CellModule;
}

/** Of these one knows that nothing is left alone. */
const SETTLED = /^(?:Await|Assignment|Update|Unary|Yield)Expression$|Literal$|^(?:Arrow)?Function/;

/** What may be a promise that nobody waits for: `p.catch(…)` and `p.then(…, …)` have been thought of. */
const loose = (program: Node): Node[] => {
  const found: Node[] = [];
  walk(program, node => {
    const inner = node.type === 'ExpressionStatement' ? child(node, 'expression')! : undefined;
    if (inner && !SETTLED.test(inner.type) && !isHandled(inner)) found.push(node);
    return undefined;
  });
  return found;
};

const isHandled = (expression: Node): boolean => {
  const call = expression.type === 'ChainExpression' ? child(expression, 'expression')! : expression;
  const callee = child(call, 'callee');
  const method = text(callee && child(callee, 'property'), 'name');
  return method === 'catch' || (method === 'then' && list(call, 'arguments').length > 1);
};

const drafted = (code: string): Omit<Draft, 'module' | 'slot'> => {
  const depth = depthOf(code);
  const unread = depth > DEEPEST;
  const read = reading(unread ? '' : code);
  const parsed = parse(read.text);
  const fault = (message: string, start = 0, end = start): Finding => ({ code: 0, syntax: true, message, start, end });
  const faults = unread
    ? [fault(tooDeep(depth))]
    : parsed.errors.map(({ message, labels: [at] }) => fault(message, at?.start, at?.end));
  return { reading: read, parsed, program: programOf(parsed), faults };
};

/** Whether TypeScript does not find a name. */
export const isUnknown = ({ code }: Finding): boolean => [2304, 2503, 2552, 2693, 18004].includes(code);

/** The modules of all cells, each in a slot of its own, and the files that the program is made of. */
interface Program {
  readonly drafts: readonly (readonly Draft[])[];
  readonly files: ReadonlyMap<string, string>;
  file(draft: Draft): string;
}

/** @param inJsx names that a cell with JSX means without a mention */
const programFor = (
  project: Project,
  notebooks: readonly (readonly string[])[],
  imports: Imports,
  inJsx: () => readonly string[],
): Program => {
  const paths = layout(project);
  const count = notebooks.flat().length;
  const files = initialFiles(project, count);
  let config = configText(paths, count);
  let implied: readonly string[] | undefined;
  let slot = 0;
  const file = ({ slot, parsed }: Pick<Draft, 'slot' | 'parsed'>) => paths.slot(slot, parsed.jsx);
  const drafts = notebooks.map(cells => {
    const scope = createScope();
    return cells.map((code): Draft => {
      const draft = { ...drafted(code), slot: slot++ };
      if (draft.parsed.jsx) {
        const plain = paths.slot(draft.slot);
        files.delete(plain);
        config = config.replace(JSON.stringify(plain), JSON.stringify(file(draft)));
        implied ??= inJsx();
      }
      const parts = { project, scope, imports, slot: draft.slot, implied: draft.parsed.jsx ? (implied ?? []) : [] };
      const module = cellModule(draft.reading.text, draft.program, parts);
      if (draft.faults.length === 0) scope.commit(module);
      files.set(file(draft), module.body.text());
      return { ...draft, module };
    });
  });
  files.set(paths.config, config);
  files.set(paths.imports, `${imports.text()}\nexport {};\n`);
  return { drafts, files, file };
};

/** After a cell that cannot be read nobody knows which names there are. */
const withoutGuesses = (cells: readonly CheckedCell[], drafts: readonly Draft[]): CheckedCell[] => {
  const broken = drafts.findIndex(({ faults }) => faults.length > 0);
  return cells.map((cell, at) => {
    if (broken < 0 || at <= broken) return cell;
    return { ...cell, findings: cell.findings.filter(each => !isUnknown(each)) };
  });
};

/**
 * Checks the cells of notebooks in one program, which takes a fraction of the time of one after the other: each
 * sees the cells above it, whether or not these have errors. What cells add to the global scope is seen by all.
 * @param notebooks the texts of their cells; all in the project's folder
 */
export const checkAll = (project: Project, notebooks: readonly (readonly string[])[]): CheckedCell[][] => {
  const paths = layout(project);
  const imports = createImports();
  const open = (files: ReadonlyMap<string, string>) =>
    createChecker({
      cwd: project.notebook,
      paths,
      files,
      base: options => baseText(project, options && adapted(options)),
      supervision: unsupervised,
    });
  const inJsx = () => {
    const alone = open(initialFiles(project, 0));
    const names = jsxNames(projectOptions(alone.options()));
    alone.close();
    return names;
  };
  const { drafts, files, file } = programFor(project, notebooks, imports, inJsx);
  const checker = open(files);
  try {
    const imported = createImportCheck(imports, paths.imports, checker);
    const ofImports = imported.findings(drafts.flat().map(({ module }) => module));
    const checked = (draft: Draft): CheckedCell => {
      const { reading, program, module, faults } = draft;
      const own = ofImports[draft.slot]!;
      const told = own.length > 0 ? own : imported.diagnose(file(draft)).map(finding => inCell(module, finding));
      const statements = new Map(loose(program).map(each => [module.body.textOffset(each.end - 1) + 1, each]));
      const left = statements.size > 0 ? checker.promises(file(draft), new Set(statements.keys())) : [];
      return {
        reading,
        program,
        findings: told.length > 0 ? told : faults,
        promises: left.map(end => statements.get(end)!),
      };
    };
    return drafts.map(cells => withoutGuesses(cells.map(checked), cells));
  } finally {
    checker.close();
  }
};

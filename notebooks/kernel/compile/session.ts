import { fromNotebook, isRelative, type Project } from '../project.js';
import { boundNames, child, list, type Node, text, walk } from './ast.js';
import { type Completion, createChecker, type Finding, type Inspection } from './checker.js';
import { createImports } from './imports.js';
import { type Declared, declaredNames } from './names.js';
import { copyEdited, type Edit, type Pieces, pieces } from './pieces.js';
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
  close(): void;
}

interface Module {
  readonly slot: number;
  readonly file: string;
  readonly body: Pieces;
  readonly declared: readonly Declared[];
  readonly aliases: ReadonlyMap<string, string>;
  /** Import declarations with the aliases that stand for them. */
  readonly imports: readonly { readonly statement: Node; readonly aliases: readonly string[] }[];
  readonly uses: readonly number[];
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

  const load = (code: string, program: Node, words?: ReadonlySet<string>): Module => {
    const slot = scope.freeSlot();
    while (slot >= pool) grow();
    const before = imports.text();
    const module = moduleOf(code, program, slot, words);
    if (imports.text() !== before) setImports();
    checker.update(new Map([[module.file, module.body.text()]]));
    return module;
  };

  const moduleOf = (code: string, program: Node, slot: number, words?: ReadonlySet<string>): Module => {
    const declared = declaredNames(program);
    const statements = list(program, 'body').filter(each => each.type === 'ImportDeclaration');
    const added = statements.map(statement => {
      const specifier = text(child(statement, 'source'), 'value');
      return { statement, bindings: imports.add(statement, fromNotebook(project, specifier)) };
    });
    const own = new Set(declared.map(({ name }) => name));
    const { text: prelude, uses } = scope.prelude(words ?? wordsOf(code), own);
    const body = pieces(code);
    body.insert(EMPTY_SLOT);
    copyEdited(body, 0, code.length, [
      ...importEdits(added),
      ...exportEdits(program),
      ...dynamicEdits(program, project),
    ]);
    const exported = declared.filter(({ how }) => how !== 'imported').map(({ name }) => name);
    body.insert(`\n${prelude}\nexport { ${exported.join(', ')} };\n`);
    return {
      ...{ slot, body, declared, uses, file: paths.slot(slot) },
      aliases: new Map(added.flatMap(({ bindings }) => bindings.map(({ local, alias }) => [local, alias]))),
      imports: added.map(({ statement, bindings }) => ({
        statement,
        aliases: bindings.map(({ alias }) => alias),
      })),
    };
  };

  const globals = (): Completion[] => {
    const slot = scope.freeSlot();
    const text = `${EMPTY_SLOT}globalThis.`;
    checker.update(new Map([[paths.slot(slot), text]]));
    return checker.complete(paths.slot(slot), text.length) ?? [];
  };

  /** Where any expression may begin: names of the cell, of earlier cells, globals and keywords. */
  const namesInScope = (program: Node): Completion[] => {
    const names = [...new Set([...bindings(program), ...scope.names()])];
    const own = names.filter(name => name !== '').map(name => ({ name, kind: VARIABLE }));
    const known = new Set(names);
    const others = [...globals(), ...KEYWORDS.map(name => ({ name, kind: KEYWORD }))];
    return [...own, ...others.filter(({ name }) => !known.has(name))];
  };

  /** Errors in the module of imports belong to the cell's import declaration of that line. */
  const importFindings = (module: Module): Finding[] => {
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

  const mapped = (module: Module, finding: Finding): Finding => ({
    ...finding,
    message: finding.message.replaceAll(/import\("[^"]*(?:\.tsnb\/(?:cell\d+|all)|tsnb\.imports)"\)\./g, ''),
    start: module.body.sourceOffset(finding.start),
    end: module.body.sourceOffset(finding.end),
  });

  return {
    check(code, program) {
      const module = load(code, program);
      const bad = importFindings(module);
      const own = bad.length > 0 ? [] : checker.diagnose(module.file).map(finding => mapped(module, finding));
      const commit = () => scope.commit(module.slot, module.declared, module.aliases, module.uses);
      return { findings: [...bad, ...own], commit };
    },
    complete(code, program, offset) {
      const module = load(code, program, new Set(scope.names()));
      const before = module.body.textOffset(offset - 1);
      const found = checker.complete(module.file, before < 0 ? EMPTY_SLOT.length : before + 1);
      return (found ?? namesInScope(program)).filter(({ name }) => name !== SCOPE);
    },
    inspect(code, program, offset) {
      const module = load(code, program);
      return checker.inspect(module.file, module.body.textOffset(offset));
    },
    settle: () => checker.settle(),
    invalidate: () => checker.invalidate(),
    clear: () => scope.clear(),
    close: () => checker.close(),
  };
};

/** LSP's CompletionItemKind. */
const VARIABLE = 6;
const KEYWORD = 14;
const KEYWORDS = (
  'abstract as async await break case catch class const continue declare default delete do else enum export extends ' +
  'false finally for function if implements import in instanceof interface keyof let namespace new null of readonly ' +
  'return satisfies static super switch this throw true try type typeof undefined unknown var void while yield'
).split(' ');

/** Every name that the cell binds, wherever: a completion may offer one too many. */
const bindings = (program: Node): string[] => {
  const names: string[] = [];
  walk(program, node => {
    if (node.type === 'VariableDeclarator') names.push(...boundNames(child(node, 'id')));
    if (/Function|Arrow/.test(node.type)) names.push(...list(node, 'params').flatMap(boundNames));
    if (/Declaration$|Specifier$/.test(node.type))
      names.push(text(child(node, 'id') ?? child(node, 'local'), 'name'));
    return undefined;
  });
  return names;
};

const wordsOf = (code: string): Set<string> =>
  new Set(code.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? []);

const lineAt = (lines: readonly string[], offset: number): number => {
  let end = 0;
  return lines.findIndex(line => {
    end += line.length + 1;
    return offset < end;
  });
};

type Added = readonly { statement: Node; bindings: readonly { local: string; alias: string }[] }[];

const importEdits = (added: Added): Edit[] =>
  added.map(({ statement: { start, end }, bindings }) => {
    const named = bindings.filter(({ local }) => local !== '');
    return {
      start,
      end,
      text: named.map(({ local, alias }) => `import ${local} = ${SCOPE}.imports.${alias};`).join(' '),
    };
  });

/** The module exports its names itself, so `export` of the cell goes. */
const exportEdits = (program: Node): Edit[] =>
  list(program, 'body').flatMap(statement => {
    if (statement.type !== 'ExportNamedDeclaration') return [];
    const inner = child(statement, 'declaration');
    return [{ start: statement.start, end: inner?.start ?? statement.end, text: '' }];
  });

/** The cell's module is one directory further down than the notebook. */
const dynamicEdits = (program: Node, project: Project): Edit[] => {
  const edits: Edit[] = [];
  walk(program, node => {
    const source = /^(ImportExpression|TSImportType)$/.test(node.type) ? child(node, 'source') : undefined;
    const specifier = text(source, 'value');
    if (source && isRelative(specifier)) {
      const seen = JSON.stringify(`../${fromNotebook(project, specifier)}`);
      edits.push({ start: source.start, end: source.end, text: seen });
    }
    return undefined;
  });
  return edits;
};

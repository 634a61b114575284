import { fromNotebook, isRelative, type Project } from '../project/project.js';
import { child, list, type Node, text, walk } from './ast.js';
import type { Finding } from './finding.js';
import type { Imports } from './imports.js';
import { augmentedNames, declaredNames, isAugmentation } from './names.js';
import { copyEdited, type Edit, type Pieces, pieces } from './pieces.js';
import type { Committed, Scope } from './scope.js';
import { EMPTY_SLOT, SCOPE } from './virtual.js';

/** The virtual module that stands for a cell while it is checked: its text, and what surrounds it. */
export interface CellModule extends Committed {
  readonly body: Pieces;
  /** Where the cell's own text begins in it. */
  readonly start: number;
  /** Import declarations and module augmentations with the aliases that stand for them. */
  readonly imports: readonly { readonly statement: Node; readonly aliases: readonly string[] }[];
  /** The lines that bring in the names of earlier cells, as they would be now. */
  prelude(): string;
}

export interface ModuleParts {
  readonly project: Project;
  readonly scope: Scope;
  readonly imports: Imports;
  readonly slot: number;
  /** The names of earlier cells that the module brings in; otherwise those that its text mentions. */
  readonly words?: ReadonlySet<string>;
  /** Names that its text means without a mention. */
  readonly implied?: readonly string[];
}

/** Enters the cell's imports, too: the module refers to them by their aliases. */
export const cellModule = (code: string, program: Node, parts: ModuleParts): CellModule => {
  const { project, scope, imports, slot, implied = [] } = parts;
  const words = new Set([...(parts.words ?? wordsOf(code)), ...implied]);
  const declared = declaredNames(program);
  const statements = list(program, 'body').filter(each => each.type === 'ImportDeclaration');
  const added = statements.map(statement => {
    const specifier = text(child(statement, 'source'), 'value');
    const directive = directiveBefore(code, statement);
    return {
      statement,
      directive,
      bindings: imports.add(statement, fromNotebook(project, specifier), directive?.text),
    };
  });
  // TypeScript finds a module that it is to add to if something has imported it.
  const loaded = list(program, 'body')
    .filter(isAugmentation)
    .flatMap(statement => {
      const specifier = text(child(statement, 'id'), 'value');
      if (specifier === '') return [];
      return [{ statement, aliases: [imports.load(fromNotebook(project, specifier))] }];
    });
  const own = new Set(declared.map(({ name }) => name));
  const { text: prelude, uses } = scope.prelude(words, own);
  const body = pieces(code);
  // In front: after a call, TypeScript must know whether the call asserts something before it can read a type there,
  // and a type that the call itself needs (`typeof` of the variable whose method it is) would then wait for itself.
  const head = `${EMPTY_SLOT}${prelude}\n`;
  body.insert(head);
  copyEdited(body, 0, code.length, [...importEdits(added), ...exportEdits(program), ...dynamicEdits(program, project)]);
  const exported = declared.filter(({ how }) => how !== 'imported').map(({ name }) => name);
  // The semicolon ends a cell such as `global`, which would begin a declaration together with what follows.
  body.insert(`\n;\nexport { ${exported.join(', ')} };\n`);
  return {
    slot,
    body,
    start: head.length,
    declared,
    uses,
    augmented: augmentedNames(program),
    prelude: () => scope.prelude(words, own).text,
    aliases: new Map(added.flatMap(({ bindings }) => bindings.map(({ local, alias }) => [local, alias]))),
    imports: [
      ...added.map(({ statement, bindings }) => ({ statement, aliases: bindings.map(({ alias }) => alias) })),
      ...loaded,
    ],
  };
};

/** An error of the module, with offsets in the cell. */
export const inCell = ({ body }: CellModule, finding: Finding): Finding => ({
  ...finding,
  message: finding.message.replaceAll(/import\("[^"]*(?:\.tsnb\/(?:cell\d+|cells|all)|tsnb\.imports)"\)\./g, ''),
  start: body.sourceOffset(finding.start),
  end: body.sourceOffset(finding.end),
});

/** Where the module says what the import says at this offset of the cell; −1 where it says nothing. */
export const importedAt = ({ body, imports, aliases }: CellModule, offset: number): number => {
  const names = imports.flatMap(({ statement }) => list(statement, 'specifiers'));
  const found = names.find(({ start, end }) => start <= offset && offset < end);
  const local = text(found && child(found, 'local'), 'name');
  const at = body.text().indexOf(aliasing(local, aliases.get(local) ?? ''));
  return found && at >= 0 ? at + ALIASING.length : -1;
};

const ALIASING = 'import ';
const aliasing = (local: string, alias: string): string => `${ALIASING}${local} = ${SCOPE}.imports.${alias};`;

const wordsOf = (code: string): Set<string> => new Set(code.match(/[\p{ID_Start}$_][\p{ID_Continue}$]*/gu) ?? []);

interface Directive {
  readonly start: number;
  readonly text: string;
}

/** The comment before a statement that says that errors in it do not count: it has to go with the import. */
const directiveBefore = (code: string, { start }: Node): Directive | undefined => {
  const found =
    /(?<=^|\n)[ \t]*(?:\/\/+|\/\*+)[ \t]*@ts-(ignore|expect-error)\b.*\n(?:[ \t]*(?:\/\/.*)?\n)*[ \t]*$/.exec(
      code.slice(0, start),
    );
  return found ? { start: found.index, text: `// @ts-${found[1]}` } : undefined;
};

type Added = readonly {
  readonly statement: Node;
  readonly directive: Directive | undefined;
  readonly bindings: readonly { local: string; alias: string }[];
}[];

const importEdits = (added: Added): Edit[] =>
  added.map(({ statement: { start, end }, directive, bindings }) => {
    const named = bindings.filter(({ local }) => local !== '');
    return {
      start: directive?.start ?? start,
      end,
      text: named.map(({ local, alias }) => aliasing(local, alias)).join(' '),
    };
  });

/** The module exports its names itself, so `export` of the cell goes. */
const exportEdits = (program: Node): Edit[] =>
  list(program, 'body').flatMap(statement => {
    if (statement.type !== 'ExportNamedDeclaration') return [];
    const inner = child(statement, 'declaration');
    return [{ start: statement.start, end: inner?.start ?? statement.end, text: '' }];
  });

const specifierIn = (node: Node): Node | undefined => {
  if (isAugmentation(node)) return child(node, 'id');
  if (node.type === 'TSExternalModuleReference') return child(node, 'expression');
  return /^(ImportExpression|TSImportType)$/.test(node.type) ? child(node, 'source') : undefined;
};

/** The cell's module is one directory further down than the notebook. */
const dynamicEdits = (program: Node, project: Project): Edit[] => {
  const edits: Edit[] = [];
  walk(program, node => {
    const source = specifierIn(node);
    const specifier = text(source, 'value');
    if (source && isRelative(specifier)) {
      const seen = JSON.stringify(`../${fromNotebook(project, specifier)}`);
      edits.push({ start: source.start, end: source.end, text: seen });
    }
    return undefined;
  });
  return edits;
};

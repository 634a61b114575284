import { child, list, moduleName, type Node, text } from '../../compiler/ast.js';

/** One name that an import brings in. */
interface Brought {
  readonly local: string;
  /** `*`, `default`, or the name in the module. */
  readonly outer: string;
  readonly isType: boolean;
}

export interface Import {
  readonly specifier: string;
  /** As it is written: `with { type: 'json' }`. */
  readonly attributes: string;
  /** Not of an `import type`; what comes with Node does nothing when it is loaded. */
  readonly loads: boolean;
  readonly brings: readonly Brought[];
}

const outerOf = (specifier: Node): string => {
  if (specifier.type === 'ImportNamespaceSpecifier') return '*';
  return specifier.type === 'ImportDefaultSpecifier' ? 'default' : moduleName(child(specifier, 'imported'));
};

/** @param code of the cell @param seen a specifier as the module has to write it */
export const readImport = (statement: Node, code: string, seen: (specifier: string) => string): Import => ({
  specifier: seen(text(child(statement, 'source'), 'value')),
  attributes: code.slice(child(statement, 'source')!.end, statement.end).replace(/;$/, '').trim(),
  loads: statement.importKind !== 'type' && !text(child(statement, 'source'), 'value').startsWith('node:'),
  brings: list(statement, 'specifiers').map(each => ({
    local: text(child(each, 'local'), 'name'),
    outer: outerOf(each),
    isType: statement.importKind === 'type' || each.importKind === 'type',
  })),
});

const quoted = (specifier: string): string => `'${specifier.replace(/[\\']/g, '\\$&')}'`;
const named = ({ local, outer }: Brought): string => {
  const name = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(outer) ? outer : quoted(outer);
  return name === local ? local : `${name} as ${local}`;
};

const isWhole = ({ outer }: Brought): boolean => outer === '*' || outer === 'default';

/** What one module brings: names in one declaration, the module and its default in one of their own. */
const declarations = ({ specifier, attributes }: Import, brings: readonly Brought[], loads: boolean): string[] => {
  const from = `${quoted(specifier)}${attributes && ` ${attributes}`};`;
  const whole = brings.filter(isWhole).map(({ local, outer, isType }) => {
    return `import ${isType ? 'type ' : ''}${outer === '*' ? '* as ' : ''}${local} from ${from}`;
  });
  const names = brings.filter(each => !isWhole(each)).sort((a, b) => (a.outer < b.outer ? -1 : 1));
  const types = !loads && names.every(({ isType }) => isType);
  const listed = names.map(each => (each.isType && !types ? `type ${named(each)}` : named(each))).join(', ');
  const together = names.length > 0 ? [`import ${types ? 'type ' : ''}{ ${listed} } from ${from}`] : [];
  const all = [...whole, ...together];
  // What a module does when it is loaded stays, whether or not a name of it is used.
  const idle = loads && all.every(line => line.startsWith('import type '));
  return idle ? [...all, `import ${from}`] : all;
};

/** The imports of several cells as one list, each module and each name once, without the names that nobody uses. */
export const mergedImports = (imports: readonly Import[], isUsed: (name: string) => boolean): string[] => {
  const modules = new Map<string, Import[]>();
  for (const each of imports) modules.set(key(each), [...(modules.get(key(each)) ?? []), each]);
  return [...modules.values()].flatMap(same => {
    const brings = new Map<string, Brought>();
    for (const each of same.flatMap(({ brings }) => brings).filter(({ local }) => isUsed(local))) {
      const known = brings.get(each.local);
      brings.set(each.local, { ...each, isType: each.isType && (known?.isType ?? true) });
    }
    const loads = same.some(each => each.loads);
    return declarations(same[0]!, [...brings.values()], loads);
  });
};

const key = ({ specifier, attributes }: Import): string => `${specifier}\n${attributes}`;

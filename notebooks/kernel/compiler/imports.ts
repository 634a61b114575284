import { child, list, moduleName, type Node, text } from './ast.js';

/** The one virtual module that re-exports whatever cells have imported, each thing once, under an alias. */
export interface Imports {
  /**
   * Adds what an import declaration brings; returns its local names with their aliases.
   * @param directive the comment before it, where that says that errors of it do not count.
   */
  add(statement: Node, resolved: string, directive?: string): Binding[];
  /** Adds a module of which nothing is brought in; returns the alias of the entry. */
  load(resolved: string): string;
  /** Text of the module. One line for each entry, and one before it for a directive. */
  text(): string;
  /** Takes the exact form of `import * as …`; false where that is so already. */
  exact(): boolean;
  /** Forgets these entries, after an error in them. */
  drop(aliases: ReadonlySet<string>): void;
  /** Where an alias stands in the text. */
  offset(alias: string): number;
  /** The alias of the entry that stands on a line, from 0. */
  aliasOn(line: number): string | undefined;
}

export interface Binding {
  readonly local: string;
  readonly alias: string;
}

export const createImports = (): Imports => {
  let entries = new Map<string, string>();
  let count = 0;
  let exactly = false;
  const lines = new Map<string, string>();
  /** Aliases of entries in their quick form, with the exact one. */
  const quick = new Map<string, string>();
  const enter = (key: string, line: (alias: string) => string, quicker?: (alias: string) => string): string => {
    const known = entries.get(key);
    if (known) return known;
    const alias = `i${count++}`;
    entries.set(key, alias);
    lines.set(alias, (quicker ?? line)(alias));
    if (quicker) quick.set(alias, line(alias));
    return alias;
  };
  const written = () => [...entries.values()].map(alias => lines.get(alias)).join('\n');
  const load = (source: string, before = '') => enter(`side ${before}${source}`, () => `${before}import ${source}`);
  return {
    add(statement, resolved, directive) {
      const before = directive === undefined ? '' : `${directive}\n`;
      const source = `${JSON.stringify(resolved)}${attributes(statement)};`;
      const specifiers = list(statement, 'specifiers');
      if (specifiers.length === 0) return [{ local: '', alias: load(source, before) }];
      return specifiers.map(each => {
        const what = clause(each);
        const whole = each.type === 'ImportNamespaceSpecifier';
        const alias = enter(
          `${before}${what('@')} ${source}`,
          name => `${before}import ${what(name)} from ${source} export { ${name} };`,
          whole && !exactly ? name => `${before}export ${what(name)} from ${source}` : undefined,
        );
        return { local: text(child(each, 'local'), 'name'), alias };
      });
    },
    load: resolved => load(`${JSON.stringify(resolved)};`),
    text: written,
    exact() {
      exactly = true;
      for (const [alias, line] of quick) lines.set(alias, line);
      const changed = quick.size > 0;
      quick.clear();
      return changed;
    },
    drop(bad) {
      entries = new Map([...entries].filter(([, alias]) => !bad.has(alias)));
    },
    offset: alias => written().search(new RegExp(`(?<=\\bas |import )${alias}\\b`)),
    aliasOn(line) {
      let end = 0;
      return [...entries.values()].find(alias => {
        end += lines.get(alias)!.split('\n').length;
        return line < end;
      });
    },
  };
};

/**
 * Not `export … from`, which refuses modules that use `export =`; but for `* as`, where it is quicker by far: it does
 * without the `default` that Node adds to a CommonJS module. Once that makes a difference, it is exact(). Without
 * `type`, also for type imports: TypeScript gives no alias to what was exported as a type only.
 */
const clause = (specifier: Node) => (alias: string) => {
  if (specifier.type === 'ImportNamespaceSpecifier') return `* as ${alias}`;
  if (specifier.type === 'ImportDefaultSpecifier') return alias;
  const imported = child(specifier, 'imported');
  const name = imported?.type === 'Identifier' ? moduleName(imported) : JSON.stringify(moduleName(imported));
  return `{ ${name} as ${alias} }`;
};

/** The name that a specifier of an import asks its module for; undefined for the module as a whole. */
export const importedName = (specifier: Node): string | undefined => {
  if (specifier.type === 'ImportNamespaceSpecifier') return undefined;
  return specifier.type === 'ImportDefaultSpecifier' ? 'default' : moduleName(child(specifier, 'imported'));
};

const attributes = (statement: Node): string => {
  const pairs = list(statement, 'attributes').map(
    each => `${moduleName(child(each, 'key'))}: ${JSON.stringify(moduleName(child(each, 'value')))}`,
  );
  return pairs.length > 0 ? ` with { ${pairs.join(', ')} }` : '';
};

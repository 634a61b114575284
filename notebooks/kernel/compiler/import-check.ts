import type { ImportedName } from '../link/protocol.js';
import { child, list, text } from './ast.js';
import type { Checker } from './checker.js';
import type { Finding } from './finding.js';
import { type Imports, importedName } from './imports.js';
import type { CellModule } from './module.js';
import { lineOf, lineStarts } from './pieces.js';

/** The check of what cells import, in the one module that brings it in. */
export interface ImportCheck {
  /** Hands the module's text to the checker. */
  put(): void;
  /** Errors of a file, after which the module of imports may take its exact form. */
  diagnose(checked: string): Finding[];
  /** Errors of each cell in the module of imports, with offsets in the cell; the entries that have some go. */
  findings(modules: readonly CellModule[]): Finding[][];
  /** What the cell imports by name and is a type only. */
  types(module: CellModule): ImportedName[];
}

/** TypeScript's word for a `@ts-expect-error` without an error. */
const UNUSED_DIRECTIVE = 2578;

/** @param file the module's path */
export const createImportCheck = (imports: Imports, file: string, checker: Checker): ImportCheck => {
  const put = () => checker.update(new Map([[file, `${imports.text()}\nexport {};\n`]]));

  const diagnose = (checked: string): Finding[] => {
    const found = checker.diagnose(checked);
    const unsure = found.some(({ message }) => /'default'|'export \*'/.test(message));
    if (!unsure || !imports.exact()) return found;
    put();
    return checker.diagnose(checked);
  };

  /** Errors in the module of imports belong to the cell's import declaration of that line. */
  const findings = (modules: readonly CellModule[]): Finding[][] => {
    if (modules.every(module => module.imports.length === 0)) return modules.map(() => []);
    const lines = lineStarts(imports.text());
    const all = diagnose(file).map(finding => {
      return { finding, alias: imports.aliasOn(lineOf(lines, finding.start)) ?? '' };
    });
    // `@ts-expect-error` before several names: an error of one is enough.
    const idle = new Set(all.filter(({ finding }) => finding.code === UNUSED_DIRECTIVE).map(({ alias }) => alias));
    const bad = new Set<string>();
    const ofModule = (module: CellModule): Finding[] => {
      const excused = module.imports.flatMap(({ aliases }) => (aliases.every(each => idle.has(each)) ? [] : aliases));
      const found = all.filter(({ alias }) => !idle.has(alias) || !excused.includes(alias));
      for (const { alias } of found) bad.add(alias);
      return module.imports.flatMap(({ statement, aliases }) => {
        const first = found.filter(({ alias }) => aliases.includes(alias)).slice(0, 1);
        const source = child(statement, 'source') ?? child(statement, 'id') ?? statement;
        return first.map(({ finding }) => ({ ...finding, start: source.start, end: source.end }));
      });
    };
    const found = modules.map(ofModule);
    if (bad.size > 0) {
      imports.drop(bad);
      put();
    }
    return found;
  };

  const types = (module: CellModule): ImportedName[] => {
    const named = module.imports.flatMap(({ statement, aliases }) =>
      list(statement, 'specifiers').flatMap((each, index) => {
        const name = importedName(each);
        const specifier = text(child(statement, 'source'), 'value');
        return name === undefined ? [] : [{ specifier, name, at: imports.offset(aliases[index]!) }];
      }),
    );
    if (named.length === 0) return [];
    const offsets = named.map(({ at }) => at);
    const values = checker.values(file, offsets);
    return named.filter((_, index) => !values[index]).map(({ specifier, name }) => ({ specifier, name }));
  };

  return { put, diagnose, findings, types };
};

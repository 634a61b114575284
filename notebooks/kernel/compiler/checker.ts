import { API, type Diagnostic, DiagnosticCategory, type Project, SymbolFlags } from 'typescript/unstable/sync';

/**
 * TypeScript's checker over virtual files. The compiler's programming interface is marked unstable, so this
 * file is the only one that touches it, and package.json pins its version.
 */
export interface Checker {
  /** Puts files (text) into the program, or takes them out (undefined). Cheap: nothing is checked yet. */
  update(files: ReadonlyMap<string, string | undefined>): void;
  /** Does what nobody needs to wait for: brings the program up to date, and lets go of the ones before. */
  settle(): void;
  /** Files on disk may have changed: everything is read again. */
  invalidate(): void;
  /** Errors of one file; positions are offsets in its text. */
  diagnose(file: string): Finding[];
  /** undefined where TypeScript would want to offer auto-imports as well, which its API cannot do. */
  complete(file: string, offset: number): Completion[] | undefined;
  /** What the name at an offset is, as an editor shows it. */
  inspect(file: string, offset: number): Inspection | undefined;
  /** Whether the project's decorators are those before the standard. */
  experimentalDecorators(): boolean;
  close(): void;
}

export interface Finding {
  readonly code: number;
  readonly message: string;
  readonly start: number;
  readonly end: number;
}

export interface Completion {
  readonly name: string;
  readonly kind: number;
}

export interface Inspection {
  readonly name: string;
  readonly type: string;
  readonly documentation: string;
}

/** Where the virtual files are: their directory and their tsconfig.json. */
export interface CheckerPaths {
  readonly directory: string;
  readonly config: string;
}

/** Letting go of a program takes a moment, which is found between cells; a queue of cells leaves none. */
const MOST_SUPERSEDED = 3;

/** @param files texts of the virtual files. */
export const createChecker = (
  cwd: string,
  { directory, config }: CheckerPaths,
  files: ReadonlyMap<string, string>,
): Checker => {
  const virtual = new Map<string, string>(files);
  const api = new API({
    cwd,
    fs: {
      readFile: path => virtual.get(path),
      fileExists: path => (virtual.has(path) ? true : undefined),
      directoryExists: path => (path === directory ? true : undefined),
    },
  });
  let snapshot = api.updateSnapshot({ openProjects: [config] });
  const superseded: (typeof snapshot)[] = [];
  let pending: { changed: string[]; created: string[]; deleted: string[] } | undefined;
  const advance = (fileChanges: NonNullable<Parameters<typeof api.updateSnapshot>[0]>['fileChanges']) => {
    const next = api.updateSnapshot(fileChanges ? { fileChanges } : {});
    superseded.push(snapshot);
    snapshot = next;
    if (superseded.length > MOST_SUPERSEDED) superseded.shift()?.dispose();
  };
  const project = (): Project => {
    if (pending) advance(pending);
    pending = undefined;
    const found = snapshot.getProject(config);
    if (!found) throw new Error(`TypeScript did not open ${config}`);
    return found;
  };
  return {
    update(changes) {
      pending ??= { changed: [], created: [], deleted: [] };
      for (const [path, text] of changes) {
        const list = text === undefined ? 'deleted' : virtual.has(path) ? 'changed' : 'created';
        pending[list].push(path);
        if (text === undefined) virtual.delete(path);
        else virtual.set(path, text);
      }
    },
    settle() {
      project();
      for (const old of superseded.splice(0)) old.dispose();
    },
    invalidate() {
      pending = undefined;
      advance({ invalidateAll: true });
    },
    diagnose(file) {
      const { program } = project();
      const syntactic = program.getSyntacticDiagnostics(file);
      const all = syntactic.length > 0 ? syntactic : program.getSemanticDiagnostics(file);
      return all.filter(({ category }) => category === DiagnosticCategory.Error).map(finding);
    },
    complete(file, offset) {
      const { checker } = project();
      try {
        const entries = checker.getCompletionsAtPosition(file, offset)?.entries ?? [];
        return entries.map(({ name, kind = 0 }) => ({ name, kind }));
      } catch (error) {
        if (String(error).includes('auto imports')) return undefined;
        throw error;
      }
    },
    inspect(file, offset) {
      const { checker } = project();
      const symbol = checker.getSymbolAtPosition(file, offset);
      const type = checker.getTypeAtPosition(file, offset);
      if (!symbol || !type) return undefined;
      const meant = symbol.flags & SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
      const documentation = meant.getDocumentationComment(checker) || symbol.getDocumentationComment(checker);
      return { name: symbol.name, type: checker.typeToString(type), documentation };
    },
    experimentalDecorators: () => project().compilerOptions.experimentalDecorators === true,
    close: () => api.close(),
  };
};

const finding = (diagnostic: Diagnostic): Finding => ({
  code: diagnostic.code,
  message: chain(diagnostic, 0),
  start: diagnostic.pos,
  end: diagnostic.end,
});

const chain = (diagnostic: Diagnostic, depth: number): string =>
  ['  '.repeat(depth) + diagnostic.text, ...(diagnostic.messageChain ?? []).map(inner => chain(inner, depth + 1))].join(
    '\n',
  );

import type { ChildProcess } from 'node:child_process';
import { type ExpressionStatement, isExpressionStatement, type Node } from 'typescript/unstable/ast';
import {
  API,
  DiagnosticCategory,
  isUnionType,
  type Project,
  type Snapshot,
  SymbolFlags,
  type Type,
  TypeFlags,
} from 'typescript/unstable/sync';
import type { CompilerOptions } from './compiler-options.js';
import { type Finding, finding } from './finding.js';
import { type Inspection, inspected } from './inspected.js';
import { createRevived } from './revived.js';
import type { Supervision } from './supervision.js';

/**
 * TypeScript's checker over virtual files. The compiler's programming interface is marked unstable, so this
 * file and inspected.ts are the only ones that ask it anything, and package.json pins its version.
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
  /** Whether it knows nothing of the expression that ends with what is at the offset. */
  isAny(file: string, offset: number): boolean;
  /** Of the names at these offsets, which ones mean something that is there at run time; unknown ones do. */
  values(file: string, offsets: readonly number[]): boolean[];
  /** The types of the names at these offsets, as they are written. */
  types(file: string, offsets: readonly number[]): string[];
  /** Of the statements that end at these offsets, those that are an expression whose value is a promise. */
  promises(file: string, ends: ReadonlySet<number>): number[];
  /** What the name at an offset is, as an editor shows it. */
  inspect(file: string, offset: number): Inspection | undefined;
  /** All files of the program. */
  files(): readonly string[];
  /** Of the project, with what cells need otherwise. */
  options(): CompilerOptions;
  close(): void;
}

export interface Completion {
  readonly name: string;
  readonly kind: number;
}

export interface CheckerParts {
  readonly cwd: string;
  /** Where the virtual files are: their directory, their tsconfig.json, and what that extends. */
  readonly paths: { readonly directory: string; readonly config: string; readonly base: string };
  /** Texts of the virtual files. They stay here, where a process that is started again finds them. */
  readonly files: ReadonlyMap<string, string>;
  /** The text of `base`, given the options of the project; without them, what the project says. */
  base(project?: CompilerOptions): string;
  readonly supervision: Supervision;
}

/** Letting go of a program takes a moment, which is found between cells; a queue of cells leaves none. */
const MOST_SUPERSEDED = 3;

/** One process of the compiler, and the program that it holds. */
interface Session {
  readonly api: API;
  snapshot: Snapshot;
  readonly superseded: Snapshot[];
  /** Whether its process has ended; its pipes are closed then, and others may have got their numbers. */
  ended: boolean;
}

export const createChecker = ({ cwd, paths, files, base, supervision }: CheckerParts): Checker => {
  const { directory, config } = paths;
  const virtual = new Map<string, string>(files);
  let pending: { changed: string[]; created: string[]; deleted: string[] } | undefined;
  const begin = (api: API): Session => {
    virtual.set(paths.base, base());
    virtual.set(paths.base, base(api.parseConfigFile(paths.base).options as CompilerOptions));
    return { api, snapshot: api.updateSnapshot({ openProjects: [config] }), superseded: [], ended: false };
  };
  const open = (): Session => {
    const api = new API({
      cwd,
      fs: {
        readFile: path => virtual.get(path),
        fileExists: path => (virtual.has(path) ? true : undefined),
        directoryExists: path => (path === directory ? true : undefined),
      },
    });
    pending = undefined;
    const { child } = inner(api).channel;
    try {
      const session = begin(api);
      supervision.began(child.pid);
      child.once('exit', () => {
        session.ended = true;
        supervision.ended(child.pid);
      });
      return session;
    } catch (error) {
      end(api);
      throw error;
    }
  };
  const sessions = createRevived<Session>({
    name: "TypeScript's checker",
    open,
    ended: ({ ended }) => ended,
    refused: supervision.cut,
    close: ({ api }) => end(api),
  });
  const advance = (session: Session, fileChanges: NonNullable<Parameters<API['updateSnapshot']>[0]>['fileChanges']) => {
    const next = session.api.updateSnapshot(fileChanges ? { fileChanges } : {});
    session.superseded.push(session.snapshot);
    session.snapshot = next;
    if (session.superseded.length > MOST_SUPERSEDED) session.superseded.shift()?.dispose();
  };
  const projectOf = (session: Session): Project => {
    if (pending) advance(session, pending);
    pending = undefined;
    const found = session.snapshot.getProject(config);
    if (!found) throw new Error(`TypeScript did not open ${config}`);
    return found;
  };
  const ask = <Answer>(question: (project: Project) => Answer): Answer =>
    sessions.ask(session => question(projectOf(session)));
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
    settle: () =>
      sessions.ask(session => {
        projectOf(session);
        for (const old of session.superseded.splice(0)) old.dispose();
      }),
    invalidate() {
      pending = undefined;
      sessions.ask(session => advance(session, { invalidateAll: true }));
    },
    diagnose: file =>
      ask(({ program }) => {
        const syntactic = program.getSyntacticDiagnostics(file);
        const all = syntactic.length > 0 ? syntactic : program.getSemanticDiagnostics(file);
        const errors = all.filter(({ category }) => category === DiagnosticCategory.Error);
        return errors.map(each => finding(each, syntactic.length > 0));
      }),
    complete: (file, offset) =>
      ask(({ checker }) => {
        try {
          const entries = checker.getCompletionsAtPosition(file, offset)?.entries ?? [];
          // They come in no order, and a property that need not be there as `name?`.
          const keyed = entries.map(({ name, kind = 0, sortText = '' }) => ({ key: sortText + name, name, kind }));
          return keyed.sort(byKey).map(({ name, kind }) => ({ name: name.replace(/\?$/, ''), kind }));
        } catch (error) {
          if (String(error).includes('auto imports')) return undefined;
          throw error;
        }
      }),
    isAny: (file, offset) =>
      ask(({ checker }) => ((checker.getTypeAtPosition(file, offset)?.flags ?? 0) & TypeFlags.Any) !== 0),
    values: (file, offsets) =>
      ask(({ checker }) =>
        checker.getSymbolAtPosition(file, offsets).map(symbol => {
          if (!symbol || !(symbol.flags & SymbolFlags.Alias)) return true;
          const meant = checker.getAliasedSymbol(symbol);
          // Of a const enum nothing need be there.
          const kinds = SymbolFlags.Value & ~SymbolFlags.ConstEnum;
          return checker.isUnknownSymbol(meant) || (meant.flags & kinds) !== 0;
        }),
      ),
    types: (file, offsets) =>
      ask(({ checker }) =>
        checker.getTypeAtPosition(file, offsets).map(type => (type ? checker.typeToString(type) : '')),
      ),
    promises: (file, ends) =>
      ask(({ checker, program }) => {
        const source = program.getSourceFile(file);
        const found: ExpressionStatement[] = [];
        const visit = (node: Node): void => {
          if (isExpressionStatement(node) && ends.has(node.end)) found.push(node);
          node.forEachChild(visit);
        };
        source?.forEachChild(visit);
        if (found.length === 0) return [];
        const types = checker.getTypeAtLocation(found.map(({ expression }) => expression));
        return found.filter((_, i) => isPromise(checker, types[i])).map(({ end }) => end);
      }),
    inspect: (file, offset) =>
      ask(({ checker }) => {
        const symbol = checker.getSymbolAtPosition(file, offset);
        const type = checker.getTypeAtPosition(file, offset);
        return symbol && type && inspected(checker, symbol, type);
      }),
    files: () => ask(({ program }) => program.getSourceFileNames()),
    options: () => ask(({ compilerOptions }) => compilerOptions),
    close: sessions.close,
  };
};

/** Or may be one. */
const isPromise = (checker: Project['checker'], type: Type | undefined): boolean => {
  if (type === undefined) return false;
  if (isUnionType(type)) return type.getTypes().some(each => isPromise(checker, each));
  return (type.flags & TypeFlags.Object) !== 0 && checker.getPropertyOfType(type, 'then') !== undefined;
};

const byKey = (a: { key: string }, b: { key: string }): number => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0);

const inner = (api: API) => (api as unknown as { client: { channel: { child: ChildProcess }; close(): void } }).client;

/** Not by the API's own `close`, which first asks the process to let go of things: one that has failed may never do so. */
const end = (api: API): void => {
  inner(api).channel.child.kill('SIGKILL');
  inner(api).close();
};

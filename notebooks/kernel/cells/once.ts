import type { CompilerClient } from '../compiler/compiler-client.js';
import type { Translated, Translator } from '../compiler/translator.js';
import type { Graph } from '../graph/graph.js';
import {
  type CellRequest,
  type CompiledExpression,
  type ErrorContent,
  type Execute,
  INTERRUPTED,
} from '../link/protocol.js';
import type { ProjectOptions } from '../project/project-options.js';
import { typeErrors } from './errors.js';
import type { Events } from './execution.js';
import type { Once, Outcome } from './freshness.js';
import type { UserProcess } from './process.js';
import { staleNote } from './stale-note.js';

/** A cell as things are: checked, translated, sent, and followed to its end. */
export interface Steps {
  once(request: CellRequest, how: Once): Promise<Outcome>;
  /** Loads edited modules anew, for this cell; undefined where that has succeeded. */
  reload(request: CellRequest): Promise<Outcome | undefined>;
}

export interface OnceParts {
  readonly graph: Graph;
  readonly translator: Translator;
  readonly compiler: CompilerClient;
  readonly events: Events;
  /** Sends it, and resolves with how it has ended. */
  perform(to: UserProcess, command: Execute): Promise<Outcome>;
  /** The process that a cell runs in, which is started if there is none. */
  process(cell: number): UserProcess;
  /** The process that there is. */
  current(): UserProcess | undefined;
  /** Of the request that is at work. */
  state(): { readonly interrupted: boolean; readonly error?: ErrorContent } | undefined;
  /** The process has ended before the cell was sent. */
  gone(): ErrorContent;
  /** What was sent before has come to its end. */
  sent(): void;
  /** The cell's end waits for this. */
  tells(told: Promise<void>): void;
}

const WARNING_MS = 3000;

/** What the kernel has the user process run before a cell, where modules were edited. */
const RELOAD = { js: '$tsnb.run($tsnb.reload());', names: [], mappings: [] };

export const createOnce = (parts: OnceParts): Steps => {
  const { graph, translator, compiler, events, perform } = parts;
  let options: ProjectOptions | undefined;
  const interrupted = () => parts.state()?.interrupted === true;

  const compileExpressions = async (expressions: Readonly<Record<string, string>>) => {
    const compiled: Record<string, CompiledExpression> = {};
    for (const [name, code] of Object.entries(expressions)) {
      const result = await translator.translate(code);
      compiled[name] = result.ok ? { js: result.script.js } : { error: typeErrors(result.errors, code, name) };
    }
    return compiled;
  };

  /** While the cell runs, and not for ever: a large project takes its time. */
  const warn = async () => {
    const told = compiler.warnings().then(
      texts => {
        if (texts.length > 0) events.output('stderr', texts.join(''));
      },
      () => undefined,
    );
    await Promise.race([told, new Promise(resolve => setTimeout(resolve, WARNING_MS).unref())]);
  };

  const enter = (request: CellRequest, { uses, ok: passed }: Translated) => {
    const { cell: number, id, label, source, following = [] } = request;
    return id === undefined ? undefined : graph.enter({ id, number, label, source, following, uses, passed });
  };

  /** What is not as in a fresh run, above what the cell is going to show. */
  const tell = (cell: number, stale: string) => {
    if (stale !== '') events.report({ type: 'display', cell, kind: 'display_data', content: staleNote(stale) }, []);
  };

  const reload = async (request: CellRequest): Promise<Outcome | undefined> => {
    await compiler.invalidate();
    const to = parts.current();
    if (!to || !options) return undefined;
    const cell = events.again(request.cell, request.cell);
    const silent = { ...request, cell, silent: true, expressions: {} };
    const outcome = await perform(to, { type: 'execute', ...silent, ...RELOAD, options, types: [] });
    graph.reloaded();
    return parts.state()?.error ?? ('signal' in outcome ? outcome : undefined);
  };

  const once = async (request: CellRequest, { say }: Once): Promise<Outcome> => {
    const { label, source } = request;
    let { cell } = request;
    parts.sent();
    const to = parts.process(cell);
    const translating = translator.translate(source);
    // Meanwhile, in the other thread, the cell is checked.
    graph.refresh();
    let compiled = await translating;
    if (interrupted()) return INTERRUPTED;
    if (compiled.news) parts.tells(warn());
    let kept = enter(request, compiled);
    if (kept && graph.edited(kept)) {
      const failed = await reload(request);
      if (failed) return failed;
      compiled = await translator.translate(source);
      cell = events.again(cell, cell);
      kept = enter({ ...request, cell }, compiled);
    }
    if (!compiled.ok) return typeErrors(compiled.errors, source, label);
    options = compiled.script.options;
    graph.configure(options);
    const expressions = await compileExpressions(request.expressions);
    if (interrupted()) return INTERRUPTED;
    if (parts.current() !== to) return parts.gone();
    if (kept && say) tell(cell, graph.problems(kept));
    if (kept) graph.began(kept);
    const rows = kept?.reads.has('cells') ? { graph: graph.rows() } : {};
    const outcome = await perform(to, { type: 'execute', ...request, ...compiled.script, ...rows, cell, expressions });
    if (kept) graph.ended(kept, interrupted() ? 'interrupted' : parts.state()?.error ? 'error' : 'ok');
    return outcome;
  };

  return { once, reload };
};

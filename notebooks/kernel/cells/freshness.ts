import type { Checked } from '../compiler/compiler.js';
import type { Graph } from '../graph/graph.js';
import type { Kept } from '../graph/kept.js';
import { type CellRequest, type Done, type ErrorContent, INTERRUPTED } from '../link/protocol.js';
import { staleCell } from './errors.js';
import type { Ending } from './process.js';

/** What is done about a cell that reads what a fresh run would not give. */
export type StaleMode =
  /** It runs, and says so. */
  | 'say'
  /** The cells that it depends on run again first. */
  | 'rerun'
  /** It does not run. */
  | 'refuse';

export type Outcome = Done | Ending | ErrorContent;

/** @throws Error for another word in TSNB_STALE */
export const staleMode = ({ TSNB_STALE: word = '' }: Readonly<Record<string, string | undefined>>): StaleMode => {
  if (word === '' || word === 'say') return 'say';
  if (word === 'rerun' || word === 'refuse') return word;
  throw new Error(`TSNB_STALE is ${word}: say, rerun and refuse are known`);
};

/** The line of a cell that wants to find everything as in a fresh run. */
const FRESH = /^[ \t]*\/\/ tsnb: fresh\b/m;

export interface FreshnessParts {
  readonly graph: Graph;
  readonly mode: StaleMode;
  look(source: string): Promise<Checked>;
  /** Runs a cell as things are. */
  once(request: CellRequest, how: Once): Promise<Outcome>;
  /** The number of a cell that is run for this one, with the output of another one. */
  again(of: number, otherwise: number): number;
  /** Loads edited modules anew. */
  reload(request: CellRequest): Promise<Outcome | undefined>;
  /** What was shown of this cell is about to be shown anew. */
  clear(cell: number): void;
  interrupted(): boolean;
  /** The error of the cell that ran last, which is nobody's any more. */
  takeError(): ErrorContent | undefined;
}

export interface Once {
  /** Whether it says what is stale. */
  readonly say: boolean;
}

/** Runs a cell as `// tsnb: fresh` and TSNB_STALE want it. */
export const createFreshness = (parts: FreshnessParts): ((request: CellRequest) => Promise<Outcome>) => {
  const { graph, mode, once } = parts;

  const enter = (request: CellRequest, checked: Checked): Kept | undefined => {
    const { cell: number, id, label, source, following = [] } = request;
    if (id === undefined || !checked.uses) return undefined;
    // Whether it passes is to be seen when the others have run.
    return graph.enter({ id, number, label, source, following, uses: checked.uses, passed: true });
  };

  const rerun = async (kept: Kept, request: CellRequest): Promise<ErrorContent | undefined> => {
    const cell = parts.again(kept.number, request.cell);
    const { id, label, source } = kept;
    const gone = graph.refusal(kept);
    if (gone !== undefined) return staleCell(`${gone} (read by [${label}], which this cell needs)`);
    parts.clear(cell);
    const its = { ...request, cell, id, label, source, silent: false, expressions: {}, following: [] };
    const outcome = await once(its, { say: false });
    const failed = 'traceback' in outcome ? outcome : parts.takeError();
    if ('signal' in outcome) return staleCell(`[${label}], which this cell needs, has ended the process`);
    return failed && staleCell(`[${label}], which this cell needs, has failed when it ran again: ${failed.evalue}`);
  };

  /** Undefined where all that the cell needs is as in a fresh run by now. */
  const renew = async (kept: Kept, request: CellRequest): Promise<Outcome | undefined> => {
    const failed = graph.edited() ? await parts.reload(request) : undefined;
    if (failed) return failed;
    const most = 3 * (graph.next(kept)?.of ?? 0);
    for (let count = 0; count < most; count++) {
      const next = graph.next(kept);
      if (!next) break;
      const error = await rerun(next.cell, request);
      if (parts.interrupted()) return INTERRUPTED;
      if (error) return error;
    }
    return undefined;
  };

  return async request => {
    const how = FRESH.test(request.source) ? 'rerun' : mode;
    graph.deleted(request.deleted ?? []);
    if (request.id === undefined || how === 'say') return once(request, { say: request.id !== undefined });
    const looking = parts.look(request.source);
    graph.refresh();
    const kept = enter(request, await looking);
    if (parts.interrupted()) return INTERRUPTED;
    if (!kept) return once(request, { say: false });
    const gone = graph.refusal(kept);
    if (gone !== undefined) return staleCell(gone);
    if (how === 'refuse') {
      const stale = graph.problems(kept);
      return stale === '' ? once(request, { say: false }) : staleCell(stale);
    }
    const failed = await renew(kept, request);
    if (failed) return failed;
    // Numbers grow from one execution to the next.
    return once({ ...request, cell: parts.again(request.cell, request.cell) }, { say: false });
  };
};

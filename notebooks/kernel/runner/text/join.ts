import { createHash } from 'node:crypto';
import { jupyterJson, lines } from '../jupyter-json.js';
import { parseNotebook } from '../parse-notebook.js';
import type { Metadata } from '../record/nbformat.js';
import type { Draft, Percent } from './percent.js';

/** A code cell's outputs and count, as a notebook file has them. */
interface Shown {
  readonly outputs: readonly unknown[];
  readonly execution_count: unknown;
}

interface Earlier extends Shown {
  readonly id: string;
  readonly type: Draft['cell_type'];
  readonly source: string;
}

const NEW: Metadata = { kernelspec: { display_name: 'TypeScript (tsnb)', language: 'typescript', name: 'tsnb' } };

/** Cells of a notebook file, with outputs as they are in it. */
const earlierCells = (json: string, file: string): Earlier[] => {
  const { cells } = JSON.parse(json) as { readonly cells: readonly Partial<Shown>[] };
  return parseNotebook(json, file).cells.map(({ id, cell_type, source }, i) => {
    const { outputs = [], execution_count = null } = cells[i]!;
    return { id, type: cell_type, source, outputs, execution_count };
  });
};

/** Each cell's earlier self: by its id, or else the next one with the same text. */
const pairs = (drafts: readonly Draft[], earlier: readonly Earlier[]): (Earlier | undefined)[] => {
  const free = new Set(earlier);
  const take = (found: Earlier | undefined) => {
    if (found) free.delete(found);
    return found;
  };
  const same = ({ cell_type, source }: Draft, each: Earlier) => each.type === cell_type && each.source === source;
  const byId = drafts.map(draft => take([...free].find(each => each.id === draft.id && same(draft, each))));
  return byId.map((found, i) => found ?? take([...free].find(each => same(drafts[i]!, each))));
};

/** Ids for cells that have none, or one that is taken: the same from one time to the next. */
const identified = (drafts: readonly Draft[], earlier: readonly (Earlier | undefined)[]): string[] => {
  const said = new Set(drafts.map(({ id }) => id));
  const taken = new Set<string>();
  return drafts.map(({ id, source }, i) => {
    const before = earlier[i]?.id;
    const isFree = (each: string | undefined): each is string => each !== undefined && !taken.has(each);
    let found = isFree(id) ? id : before;
    for (let n = i; !isFree(found) || (found !== id && said.has(found)); n++) {
      found = createHash('sha256').update(`${n}\n${source}`).digest('hex').slice(0, 8);
    }
    taken.add(found);
    return found;
  });
};

/**
 * The text of a notebook file with these cells. A code cell whose source is as it was keeps its outputs.
 * @param before the notebook that was there, if any: its text and where it is
 */
export const join = (
  { metadata, cells }: Percent,
  before?: { readonly json: string; readonly file: string },
): string => {
  const found = before ? pairs(cells, earlierCells(before.json, before.file)) : [];
  const ids = identified(cells, found);
  const body = {
    cells: cells.map(({ id: _, source, ...rest }, i) => ({
      ...rest,
      id: ids[i],
      source: lines(source),
      ...(rest.cell_type === 'code' && {
        outputs: found[i]?.outputs ?? [],
        execution_count: found[i]?.execution_count ?? null,
      }),
    })),
    metadata: metadata ?? (before ? parseNotebook(before.json, before.file).metadata : NEW),
    nbformat: 4,
    nbformat_minor: 5,
  };
  return `${jupyterJson(body)}\n`;
};

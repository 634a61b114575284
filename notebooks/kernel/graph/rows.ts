import type { GraphRow } from '../link/protocol.js';
import type { Cells, Kept } from './kept.js';

/** What `cells()` shows: a row for every cell, in order. */
export const rowsOf = (cells: Cells, stale: (cell: Kept) => string | undefined): GraphRow[] =>
  cells.all().map(cell => {
    const { label, source, uses, run, place } = cell;
    const from = [...cell.reads, ...uses.mentions].flatMap(name =>
      cells.chain(name, place).map(writer => ({ name, cell: writer.label })),
    );
    const why = run?.how === 'running' ? undefined : stale(cell);
    return {
      cell: label,
      source: source.split('\n').find(line => line.trim() !== '' && !/^\s*\/\//.test(line)) ?? source,
      declares: uses.declares,
      reads: from,
      changes: [...cell.changes.keys()].filter(name => cells.chain(name, place).length > 0),
      modules: uses.modules,
      ...(why === undefined ? {} : { stale: why }),
    };
  });

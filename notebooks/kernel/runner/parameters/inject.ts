import { type Cell, type CodeCell, INJECTED, isCode, type Notebook, tagsOf } from '../record/nbformat.js';
import { literal, type Value } from './given.js';

/** As INJECTED, papermill's tag: either program runs a notebook that the other one has. */
const DECLARES = 'parameters';

const isInjected = (cell: Cell): boolean => tagsOf(cell).includes(INJECTED);

/** The cell that declares a notebook's parameters. */
export const declaring = ({ cells }: Notebook): CodeCell | undefined =>
  cells.filter(isCode).find(cell => tagsOf(cell).includes(DECLARES));

/** `rate = 0.1;` */
export const assignment = (name: string, value: Value): string => `${name} = ${literal(value)};`;

/** The notebook with a cell behind the declaring one that sets its variables; such a cell of an earlier run goes. */
export const inject = (notebook: Notebook, values: Readonly<Record<string, Value>>): Notebook => {
  const after = declaring(notebook);
  const lines = Object.entries(values).map(([name, value]) => assignment(name, value));
  const cell: CodeCell = {
    cell_type: 'code',
    id: INJECTED,
    source: ['// Parameters', ...lines].join('\n'),
    metadata: { tags: [INJECTED] },
    outputs: [],
  };
  const cells = notebook.cells.filter(each => !isInjected(each));
  return { ...notebook, cells: cells.flatMap(each => (each === after ? [each, cell] : [each])) };
};

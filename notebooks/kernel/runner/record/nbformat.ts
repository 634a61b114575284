/** The members of nbformat 4.5 that the runner reads or writes. https://nbformat.readthedocs.io */
export type Metadata = Readonly<Record<string, unknown>>;
export type MimeBundle = Readonly<Record<string, unknown>>;

export interface StreamOutput {
  readonly output_type: 'stream';
  readonly name: 'stdout' | 'stderr';
  readonly text: string;
}

export interface ErrorOutput {
  readonly output_type: 'error';
  readonly ename: string;
  readonly evalue: string;
  readonly traceback: readonly string[];
}

export interface DisplayOutput {
  readonly output_type: 'display_data' | 'execute_result';
  readonly data: MimeBundle;
  readonly metadata: Metadata;
}

export type Output = StreamOutput | ErrorOutput | DisplayOutput;

interface CellBase {
  readonly id: string;
  readonly source: string;
  readonly metadata: Metadata;
}

export interface CodeCell extends CellBase {
  readonly cell_type: 'code';
  readonly outputs: readonly Output[];
}

export interface TextCell extends CellBase {
  readonly cell_type: 'markdown' | 'raw';
  /** Files pasted into the cell, by name. */
  readonly attachments?: Readonly<Record<string, MimeBundle>>;
}

export type Cell = CodeCell | TextCell;

export interface Notebook {
  readonly cells: readonly Cell[];
  readonly metadata: Metadata;
}

export const isCode = (cell: Cell): cell is CodeCell => cell.cell_type === 'code';

/** A cell that its author has left out: what it shows is from elsewhere, and stays. */
export const isSkipped = (cell: Cell): boolean => tagsOf(cell).includes('skip-execution');

/** A cell that a run comes to. */
export const isTodo = (cell: Cell): cell is CodeCell => isCode(cell) && cell.source.trim() !== '' && !isSkipped(cell);

/** The tag and the id of a cell that a runner has put in: it sets parameters. */
export const INJECTED = 'injected-parameters';

/** The cell's tags, as JupyterLab's property inspector sets them. */
export const tagsOf = ({ metadata }: Cell): readonly string[] =>
  Array.isArray(metadata.tags) ? metadata.tags.filter(tag => typeof tag === 'string') : [];

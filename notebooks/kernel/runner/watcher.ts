import type { CodeCell, Notebook } from './record/nbformat.js';
import type { CellRun, NotebookRun } from './record/result-types.js';

/** What happens while a notebook runs. Cells are counted among those that are to run. */
export interface Watcher {
  started?(file: string, count: number): void;
  cellStarted?(file: string, done: number, cell: CodeCell, index: number): void;
  wrote?(file: string, text: string): void;
  /** There is more to see, in the notebook as it then is. */
  grew?(file: string, notebook: () => Notebook): void;
  cellEnded?(file: string, run: CellRun): void;
  ended?(run: NotebookRun): void;
}

/** Tells two watchers. */
export const both = (a: Watcher, b: Watcher): Watcher => ({
  started(...about) {
    a.started?.(...about);
    b.started?.(...about);
  },
  cellStarted(...about) {
    a.cellStarted?.(...about);
    b.cellStarted?.(...about);
  },
  wrote(...about) {
    a.wrote?.(...about);
    b.wrote?.(...about);
  },
  grew(...about) {
    a.grew?.(...about);
    b.grew?.(...about);
  },
  cellEnded(...about) {
    a.cellEnded?.(...about);
    b.cellEnded?.(...about);
  },
  ended(...about) {
    a.ended?.(...about);
    b.ended?.(...about);
  },
});

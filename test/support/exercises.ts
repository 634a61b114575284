import { isCode, type Notebook } from '../../notebooks/kernel/runner/record/nbformat.js';

const OPEN = /exercise\('(\d)', undefined, /;

/** A cell with an exercise: its number, and its text with an answer. */
export interface ExerciseCell {
  readonly name: string;
  answered(answer: string): string;
}

/** The exercises of a notebook, in their order. */
export const exercisesOf = (notebook: Notebook): ExerciseCell[] =>
  notebook.cells.filter(isCode).flatMap(({ source }) => {
    const text = [source].flat().join('');
    const name = OPEN.exec(text)?.[1];
    return name === undefined
      ? []
      : [{ name, answered: answer => text.replace(OPEN, () => `exercise('${name}', ${answer}, `) }];
  });

import { type Given, type Readings, readings } from './given.js';

/** One set of parameters. */
export interface ParameterSet {
  readonly given: Given;
  /** What tells it from the others of its matrix: name and value as they were given. */
  readonly point: readonly (readonly [string, string])[];
}

/** A parameter and the values that it takes in turn. */
export interface Axis {
  readonly name: string;
  readonly values: readonly string[];
}

const OPEN = '[{"';
const CLOSE = ']}"';

/** At the commas that are in no list, object or quoted text. */
const atCommas = (text: string): string[] => {
  const parts: string[] = [''];
  let depth = 0;
  let quoted = false;
  for (const [i, letter] of [...text].entries()) {
    if (letter === '"' && text[i - 1] !== '\\') quoted = !quoted;
    else if (!quoted && OPEN.includes(letter)) depth++;
    else if (!quoted && CLOSE.includes(letter)) depth--;
    if (letter === ',' && depth === 0 && !quoted) parts.push('');
    else parts[parts.length - 1] += letter;
  }
  return parts;
};

/** `seed=0,1,2`, or undefined for what is none. */
export const parseAxis = (text: string): Axis | undefined => {
  const [, name, values] = /^([A-Za-z_$][\w$]*)=(.+)$/s.exec(text) ?? [];
  return name === undefined ? undefined : { name, values: atCommas(values!) };
};

/** Every combination of the axes' values, the last axis fastest, each beside what is given to all of them. */
export const parameterSets = (common: Given, axes: readonly Axis[]): ParameterSet[] => {
  const points = axes.reduce<ParameterSet['point'][]>(
    (found, { name, values }) => found.flatMap(point => values.map(value => [...point, [name, value] as const])),
    [[]],
  );
  return points.map(point => ({
    point,
    given: {
      ...common,
      ...Object.fromEntries(point.map(([name, value]): [string, Readings] => [name, readings(value)])),
    },
  }));
};

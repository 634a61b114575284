import { readFileSync } from 'node:fs';
import { parseDocument } from 'yaml';

/** What JSON and YAML can say, with their NaN and infinities. */
export type Value = null | boolean | number | string | readonly Value[] | { readonly [name: string]: Value };

/** What a parameter may mean, the likeliest reading first: `5` on a command line is a number, or else a text. */
export type Readings = readonly [Value, ...Value[]];

/** Parameters by name, as they were given and before anybody has looked at their types. */
export type Given = Readonly<Record<string, Readings>>;

const NUMBERS: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
  '-Infinity': Number.NEGATIVE_INFINITY,
};

/** A word of the command line. */
export const readings = (text: string): Readings => {
  if (text in NUMBERS) return [NUMBERS[text]!, text];
  try {
    return [JSON.parse(text) as Value, text];
  } catch {
    return [text];
  }
};

/**
 * A file of parameters, YAML or JSON, which is YAML as well.
 * @throws Error that names the file, the line, and what would do
 */
export const readGiven = (file: string): Given => {
  const document = parseDocument(readFileSync(file, 'utf8'));
  const [error] = document.errors;
  if (error) throw new Error(`${file}: ${error.message.split('\n')[0]}`);
  const values: unknown = document.toJS();
  if (values === null || typeof values !== 'object' || Array.isArray(values)) {
    throw new Error(`${file}: give the parameters by name, such as "rate: 0.1"`);
  }
  return Object.fromEntries(Object.entries(values).map(([name, value]) => [name, [value as Value]]));
};

/** The value as TypeScript, and as JavaScript. */
export const literal = (value: Value): string => {
  if (typeof value === 'number') return Object.is(value, -0) ? '-0' : String(value);
  if (Array.isArray(value)) return `[${value.map(literal).join(', ')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  return `{ ${Object.entries(value)
    .map(([name, each]) => `${JSON.stringify(name)}: ${literal(each)}`)
    .join(', ')} }`;
};

import { types } from 'node:util';
import { renamed } from '../compiler/rename.js';
import type { Property } from '../link/protocol.js';
import type { Evaluator } from './evaluate.js';

/** Of the names of an object, the first so many. */
const MOST = 1000;
/** Their indices are no names; V8 would make a string of each. */
const LONG = 1000;

/** The properties of what a name and properties lead to, found without running any code of the value. */
export const propertiesAt = (path: readonly string[], names: Pick<Evaluator, 'has' | 'value'>): Property[] => {
  const [name = '', ...steps] = path;
  const own = [renamed(name), name].find(names.has);
  const from = own === undefined ? valueIn(globalThis, name) : names.value(own);
  return propertiesOf(steps.reduce<unknown>(valueIn, from));
};

/** A getter has no value, and a proxy has none. */
const valueIn = (value: unknown, name: string): unknown => {
  for (const object of chain(value)) {
    const found = Object.getOwnPropertyDescriptor(object, name);
    if (found) return found.value;
  }
  return undefined;
};

/** The objects in which a property of the value is looked for. */
const chain = (value: unknown): object[] => {
  const objects: object[] = [];
  let next: unknown = value === null || value === undefined ? undefined : Object(value);
  while (next !== undefined && next !== null && !types.isProxy(next)) {
    objects.push(next as object);
    next = Object.getPrototypeOf(next);
  }
  return objects;
};

const NAME = /^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u;

const propertiesOf = (value: unknown): Property[] => {
  const found = new Map<string, Property>();
  for (const object of chain(value)) {
    for (const name of namesOf(object)) {
      if (found.size >= MOST) return [...found.values()];
      if (found.has(name) || !NAME.test(name)) continue;
      const method = typeof Object.getOwnPropertyDescriptor(object, name)?.value === 'function';
      found.set(name, { name, method });
    }
  }
  return [...found.values()];
};

const namesOf = (object: object): string[] => {
  if (types.isTypedArray(object)) return [];
  const { value: length } = Object.getOwnPropertyDescriptor(object, 'length') ?? {};
  if ((Array.isArray(object) || types.isStringObject(object)) && length > LONG) return ['length'];
  return Object.getOwnPropertyNames(object);
};

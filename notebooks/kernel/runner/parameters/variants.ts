import { dirname, join } from 'node:path';
import { nameOf } from '../record/describe.js';
import type { Loaded } from '../record/result-types.js';
import { inject } from './inject.js';
import type { ParameterSet } from './matrix.js';
import { parameterNames, settle } from './settle.js';

/** In a file's name, and readable. */
const variantFile = (file: string, point: ParameterSet['point']): string => {
  const words = point.map(([name, value]) => `${name}=${value.replace(/[^\w.+-]+/g, '_').slice(0, 40)}`);
  return join(dirname(file), `${nameOf(file)}@${words.join(',')}.ipynb`);
};

/** Names that were given and that no notebook declares. */
const refuseUnknown = (notebooks: readonly Loaded[], sets: readonly ParameterSet[]): void => {
  const declared = new Set(notebooks.flatMap(({ notebook }) => parameterNames(notebook)));
  const unknown = sets.flatMap(({ given }) => Object.keys(given)).find(name => !declared.has(name));
  if (unknown === undefined) return;
  const known = declared.size > 0 ? `the parameters are ${[...declared].join(', ')}` : 'no cell is tagged parameters';
  throw new Error(`no notebook has a parameter ${unknown}: ${known}; --env sets variables of the environment`);
};

/** One notebook with each set, where the parameters that it has tell the sets apart. */
const variantsOf = (loaded: Loaded, sets: readonly ParameterSet[], fault: (text: string) => void): Loaded[] => {
  const { file, notebook } = loaded;
  const settled = settle(
    file,
    notebook,
    sets.map(({ given }) => given),
  );
  const made = new Map<string, Loaded>();
  for (const [i, { values, faults }] of settled.entries()) {
    for (const each of faults) fault(`${file}: ${each}`);
    const point = sets[i]!.point.filter(([name]) => name in values);
    const own =
      Object.keys(values).length === 0 ? loaded : { ...loaded, notebook: inject(notebook, values), parameters: values };
    const variant = point.length === 0 ? own : { ...own, file: variantFile(file, point), source: file };
    made.set(variant.file, variant);
  }
  return [...made.values()];
};

/**
 * The notebooks with their parameters, each once for every set that differs for it.
 * @throws Error that names every value which does not fit its declaration
 */
export const withParameters = (notebooks: readonly Loaded[], sets: readonly ParameterSet[]): Loaded[] => {
  if (sets.length === 1 && Object.keys(sets[0]!.given).length === 0) return [...notebooks];
  refuseUnknown(notebooks, sets);
  const faults = new Set<string>();
  const variants = notebooks.flatMap(loaded => variantsOf(loaded, sets, text => void faults.add(text)));
  if (faults.size > 0) throw new Error([...faults].join('\n'));
  return variants;
};

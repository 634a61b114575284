import { readFileSync } from 'node:fs';
import { exportsOf } from './format.js';

/** Finds the file that a specifier means in a file. */
type Find = (specifier: string, file: string) => string | undefined;

/** What a CommonJS module exports, as far as its text tells: with what it hands on from others. */
const exportedNames = (file: string, find: Find, seen = new Set<string>()): string[] => {
  if (seen.has(file)) return [];
  seen.add(file);
  const { names, from } = exportsOf(file, readFileSync(file, 'utf8'));
  const others = from.flatMap(specifier => {
    const other = find(specifier, file);
    return other && /tsx?$/.test(other) ? exportedNames(other, find, seen) : [];
  });
  return [...names, ...others];
};

/**
 * An ES module that stands for a CommonJS one in TypeScript, which only `require` loads: `import` then gets the same
 * instance, with the names that are in its text.
 * @param interop whether its default is `exports.default`, where the module came from ES syntax.
 */
export const facade = (file: string, interop: boolean, find: Find): string => {
  const names = [...new Set(exportedNames(file, find))].filter(name => !/^(?:default|module\.exports)$/.test(name));
  const whole = interop ? 'module?.__esModule ? module.default : module' : 'module';
  return [
    "import { createRequire } from 'node:module';",
    `const path = ${JSON.stringify(file)};`,
    'const module = createRequire(path)(path);',
    `const whole = ${whole};`,
    "export { whole as default, module as 'module.exports' };",
    named('module', names),
  ].join('\n');
};

/** Exports these properties of a value by their names. */
const named = (value: string, names: readonly string[]): string => {
  const taken = names.map((name, i) => `const e${i} = ${value}?.[${JSON.stringify(name)}];`);
  return `${taken.join('\n')}\nexport { ${names.map((name, i) => `e${i} as ${JSON.stringify(name)}`).join(', ')} };`;
};

/** JSON as an ES module, with the names that its object has. */
export const jsonModule = (file: string, text: string): string => {
  const value = parsed(file, text);
  const names = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.keys(value) : [];
  const others = names.filter(name => name !== 'default' && !/\p{Surrogate}/u.test(name));
  return `const value = ${JSON.stringify(value)};\nexport default value;\n${named('value', others)}`;
};

const parsed = (file: string, text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new SyntaxError(`${file} is not JSON: ${(error as Error).message}`);
  }
};

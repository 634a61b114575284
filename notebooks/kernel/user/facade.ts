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
    ...names.map((name, i) => `const e${i} = module?.[${JSON.stringify(name)}];`),
    `export { ${names.map((name, i) => `e${i} as ${JSON.stringify(name)}`).join(', ')} };`,
  ].join('\n');
};

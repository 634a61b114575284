import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

const NAME = 'score-sde-ts';

/** Where to look from: kernels and scripts start inside the project, or are files of it. */
const starts = (): string[] => [process.cwd(), ...process.argv.slice(1, 2).map(script => dirname(script))];

/**
 * The folder that holds package.json, node_modules, .venv and .build. Node finds a package by its name from anywhere
 * inside it, and from a project that depends on it. `import.meta` would say where this file lies, but tslab makes
 * CommonJS of it, where Node refuses that.
 * @throws where this process neither runs in the project nor was started from a file of it.
 */
export const projectRoot = (): string => {
  for (const folder of starts()) {
    try {
      return dirname(createRequire(join(folder, NAME)).resolve(`${NAME}/package.json`));
    } catch {
      // Not from here.
    }
  }
  throw new Error(`${NAME} not found from ${process.cwd()}: start kernel or script inside the repository`);
};

/** `require` as a file in the project's root has it: for packages loaded on demand, and for add-ons. */
export const requireFromRoot = (name: string): unknown => createRequire(join(projectRoot(), NAME))(name);

/** The path of a file of an installed package, or of its main file where the package alone is named. */
export const packageFile = (path: string): string => {
  const root = projectRoot();
  try {
    return createRequire(join(root, NAME)).resolve(path);
  } catch (cause) {
    throw new Error(`${path} is not installed in ${root}: npm ci`, { cause });
  }
};

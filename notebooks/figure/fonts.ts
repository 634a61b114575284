import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

/**
 * Files of an installed package, found from the working directory (kernel, runner and scripts start in the
 * repository). `import.meta` would do the same, but tslab's compiler refuses it.
 */
export const packageFile = (path: string): string => {
  try {
    return createRequire(resolve('package.json')).resolve(path);
  } catch (cause) {
    throw new Error(`${path} not found from ${process.cwd()}: run inside the repository, after npm ci`, {
      cause,
    });
  }
};

const FACES = ['Condensed', 'Condensed-Bold', 'Condensed-Oblique', 'Condensed-BoldOblique'] as const;

/** The family name that the font files carry. */
export const fontFamily = 'DejaVu Sans Condensed';

/** DejaVu Sans Condensed: Greek, mathematical signs, sub- and superscripts, close to Arial in width. */
export const fontFiles = (): string[] => {
  const folder = join(dirname(packageFile('dejavu-fonts-ttf/package.json')), 'ttf');
  return FACES.map(face => join(folder, `DejaVuSans${face}.ttf`));
};

import { dirname, join } from 'node:path';
import { packageFile } from '../files/root.js';

const FACES = ['Condensed', 'Condensed-Bold', 'Condensed-Oblique', 'Condensed-BoldOblique'] as const;

/** The family name that the font files carry. */
export const fontFamily = 'DejaVu Sans Condensed';

/** DejaVu Sans Condensed: Greek, mathematical signs, sub- and superscripts, close to Arial in width. */
export const fontFiles = (): string[] => {
  const folder = join(dirname(packageFile('dejavu-fonts-ttf/package.json')), 'ttf');
  return FACES.map(face => join(folder, `DejaVuSans${face}.ttf`));
};

import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The package that runs: this repository, or what package/pack.mjs makes of the kernel. */
export interface Home {
  readonly version: string;
  /** The program tsnb. */
  readonly launcher: string;
}

export const readHome = (directory: string): Home => {
  const { version, bin } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as {
    version: string;
    bin: { tsnb: string };
  };
  return { version, launcher: join(directory, bin.tsnb) };
};

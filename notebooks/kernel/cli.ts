import { readFileSync } from 'node:fs';
import { readConnection } from './connection.js';
import { runKernel } from './kernel.js';

const USAGE = `tsnb: a TypeScript kernel for Jupyter, and a headless runner of notebooks

  tsnb kernel --connection-file FILE     what Jupyter starts
  tsnb install [--user | --prefix DIR | --sys-prefix]
  tsnb uninstall [--user | --prefix DIR | --sys-prefix]
  tsnb run NOTEBOOK…                     see tsnb run --help
`;

/** Returns the exit code. @param home the package's directory. */
export const main = async (args: readonly string[], home: string): Promise<number> => {
  const [command, ...rest] = args;
  switch (command) {
    case 'kernel': {
      const { version } = JSON.parse(readFileSync(`${home}/package.json`, 'utf8')) as { version: string };
      const at = rest.indexOf('--connection-file');
      await runKernel(readConnection(rest[at + 1] ?? ''), version);
      return 0;
    }
    default:
      process.stderr.write(USAGE);
      return command === undefined || command === '--help' ? 0 : 2;
  }
};

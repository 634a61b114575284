import { install, parsePlace, specDirectory, uninstall } from './install.js';
import { readHome } from './project/home.js';

const USAGE = `tsnb: a TypeScript kernel for Jupyter, and a headless runner of notebooks

  tsnb kernel --connection-file FILE                        what Jupyter starts
  tsnb install [--user | --prefix DIR | --sys-prefix]       tell Jupyter about the kernel
  tsnb uninstall [--user | --prefix DIR | --sys-prefix]
  tsnb run NOTEBOOK…                                        execute notebooks
  tsnb merge REPORT…                                        join the reports of shards
  tsnb diff A.ipynb B.ipynb                                 tell how notebooks differ, outputs too
  tsnb clean [NOTEBOOK…]                                    take out what tells of a run; a filter for git
  tsnb verify NOTEBOOK…                                     hold executed ones to what they say of their run
  tsnb check NOTEBOOK…                                      what is wrong with them, without running
  tsnb convert FILE…                                        notebooks as TypeScript, and back
  tsnb export --slice CELL NOTEBOOK                         a module with the cells that a cell needs
  tsnb --version

run, merge, diff, clean, verify, check, convert and export say more with --help.
`;

/** Returns the exit code. @param home the package's directory. */
export const main = async (args: readonly string[], home: string): Promise<number> => {
  const [command, ...rest] = args;
  try {
    return await run(command, rest, home);
  } catch (error) {
    process.stderr.write(`tsnb ${command}: ${error instanceof Error ? error.message : error}\n`);
    return 1;
  }
};

const run = async (command: string | undefined, args: string[], home: string): Promise<number> => {
  const print = (text: string) => process.stdout.write(`${text}\n`);
  switch (command) {
    case 'kernel':
      return kernel(args, home);
    case 'install': {
      const directory = specDirectory(parsePlace(args, process.env), process.env);
      install(directory, readHome(home).launcher, process.env);
      print(`installed in ${directory}`);
      return 0;
    }
    case 'uninstall': {
      const directory = specDirectory(parsePlace(args, process.env), process.env);
      print(uninstall(directory) ? `removed ${directory}` : `nothing in ${directory}`);
      return 0;
    }
    case 'run':
      return (await import('./runner/command.js')).main(args, home);
    case 'merge':
      return (await import('./runner/review/merge.js')).main(args, home);
    case 'diff':
      return (await import('./runner/review/diff.js')).main(args, home);
    case 'clean':
      return (await import('./runner/review/clean.js')).main(args);
    case 'verify':
      return (await import('./runner/review/verify.js')).main(args);
    case 'check':
      return (await import('./runner/check/check.js')).main(args);
    case 'convert':
      return (await import('./runner/text/convert.js')).main(args);
    case 'export':
      return (await import('./runner/text/export.js')).main(args);
    case 'version':
    case '--version':
      print(readHome(home).version);
      return 0;
    case undefined:
    case 'help':
    case '--help':
      print(USAGE);
      return 0;
    default:
      process.stderr.write(`tsnb: no command ${command}\n\n${USAGE}`);
      return 2;
  }
};

const kernel = async (args: readonly string[], home: string): Promise<number> => {
  const file = args[args.findIndex(each => each === '--connection-file' || each === '-f') + 1];
  if (args.length < 2 || file === undefined) throw new Error('--connection-file FILE is missing');
  const [{ readConnection }, { runKernel }] = await Promise.all([
    import('./jupyter/connection.js'),
    import('./kernel.js'),
  ]);
  await runKernel(readConnection(file), readHome(home).version);
  return 0;
};

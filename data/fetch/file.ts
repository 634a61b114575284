import { rename, rm } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { attempt } from './attempt.js';
import { Cut } from './body.js';
import { explain, sha256Of, sizeOf } from './disk.js';
import { inTurn } from './turn.js';

/** A file whose content is known in advance. */
export interface RemoteFile {
  readonly url: string;
  readonly bytes: number;
  readonly sha256: string;
}

/** How long a bad connection is borne. */
export interface Patience {
  /** Tries in a row that bring less than a thousandth of the file. */
  readonly tries: number;
  /** The pause after the first such try, doubled after each further one. */
  readonly pauseMs: number;
  /** A connection on which nothing comes for so long is given up. */
  readonly idleMs: number;
}

const usual: Patience = { tries: 5, pauseMs: 500, idleMs: 30_000 };

/** The reason why a try failed, where another one may succeed. */
async function reasonOf(run: () => Promise<void>): Promise<string> {
  try {
    await run();
    return 'the answer ended early';
  } catch (error) {
    if (error instanceof Cut) return error.message;
    throw error;
  }
}

/** Fills the part to its length, over as many connections as that takes. */
async function fill({ url, bytes }: RemoteFile, part: string, { tries, pauseMs, idleMs }: Patience): Promise<void> {
  let most = await sizeOf(part);
  for (let vain = 0; ; ) {
    const reason = await reasonOf(() => attempt(url, part, bytes, idleMs));
    const have = await sizeOf(part);
    if (have === bytes) return;
    vain = have - most > bytes / 1000 ? 0 : vain + 1;
    most = Math.max(most, have);
    if (vain === tries) {
      throw new Error(`${have} bytes found, ${bytes} expected (${reason}) from ${url}; run again to go on from there`);
    }
    if (vain > 0) await pause(pauseMs * 2 ** (vain - 1));
  }
}

/** @throws where the server has other bytes; a part that an earlier run began may be to blame and is tried once anew. */
async function download(file: RemoteFile, part: string, patience: Patience): Promise<void> {
  if ((await sizeOf(part)) > file.bytes) await rm(part);
  for (const begun of (await sizeOf(part)) > 0 ? [true, false] : [false]) {
    if ((await sizeOf(part)) !== file.bytes) await fill(file, part, patience);
    const found = await sha256Of(part);
    if (found === file.sha256) return;
    await rm(part);
    if (!begun)
      throw new Error(`SHA-256 ${found} found, ${file.sha256} expected (${file.bytes} bytes) from ${file.url}`);
  }
}

/**
 * Brings a file here, unless it is here already. What an interrupted run has begun is gone on with; the path holds the
 * whole file or none, and of several callers at once one fetches and the others wait.
 * @throws naming the file, what was found, what was expected, and the way out.
 */
export async function fetchFile(file: RemoteFile, path: string, patience: Patience = usual): Promise<void> {
  const isThere = async () => (await sizeOf(path)) === file.bytes && (await sha256Of(path)) === file.sha256;
  try {
    if (await isThere()) return;
    await inTurn(path, async () => {
      if (await isThere()) return;
      const part = `${path}.part`;
      await download(file, part, patience);
      await rename(part, path);
    });
  } catch (error) {
    throw new Error(`${path}: ${explain(error)}, or put the file there by hand`, { cause: error });
  }
}

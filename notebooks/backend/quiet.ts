import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot, requireFromRoot } from '../files/root.js';

interface StderrCapture {
  capture(): void;
  release(): string;
}

/**
 * Loads a native library with the notices of its start kept off stderr, and quotes them where loading fails.
 * Without the small add-on that the set-up compiles, the notices simply stay.
 */
export function loadQuietly<T>(load: () => T): T {
  const path = join(projectRoot(), '.build', 'stderr.node');
  const stderr = existsSync(path) ? (requireFromRoot(path) as StderrCapture) : undefined;
  stderr?.capture();
  try {
    const loaded = load();
    stderr?.release();
    return loaded;
  } catch (error) {
    const said = stderr?.release().trim();
    const reason = error instanceof Error ? (error.message.split('\n')[0] ?? error.message) : String(error);
    throw new Error(said ? `${reason} (it said: ${said})` : reason);
  }
}

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { after } from 'node:test';

/** A folder with these files, which goes when the tests of this file are over. */
export const folderOf = (files: Readonly<Record<string, string | object>>) => {
  const folder = mkdtempSync(join(tmpdir(), 'tsnb-files-'));
  after(() => rmSync(folder, { recursive: true, force: true }));
  const write = (path: string, content: string | object) => {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), typeof content === 'string' ? content : JSON.stringify(content));
  };
  for (const [path, content] of Object.entries(files)) write(path, content);
  return { folder, write };
};

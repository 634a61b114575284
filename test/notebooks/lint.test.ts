import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const names = readdirSync(join(root, 'notebooks')).filter(file => file.endsWith('.ipynb'));

interface Cell {
  readonly cell_type: string;
  readonly source: string | readonly string[];
}

/** All code of a notebook as one program: names are declared in one cell and used in another. */
function program(name: string): string {
  const { cells } = JSON.parse(readFileSync(join(root, 'notebooks', name), 'utf8')) as { cells: Cell[] };
  const text = ({ source }: Cell): string => (typeof source === 'string' ? source : source.join(''));
  return cells.map((cell, i) => (cell.cell_type === 'code' ? `//%% cell ${i + 1}\n${text(cell)}\n` : '')).join('');
}

/** Runs Biome with the library's settings over the programs of all notebooks, in a folder of its own. */
function biome(...command: string[]): { status: number | null; said: string } {
  const folder = mkdtempSync(join(tmpdir(), 'cells-'));
  try {
    mkdirSync(join(folder, 'notebooks'));
    copyFileSync(join(root, '.biome.jsonc'), join(folder, '.biome.jsonc'));
    for (const name of names) writeFileSync(join(folder, 'notebooks', name.replace('.ipynb', '.ts')), program(name));
    const script = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
    const done = spawnSync(process.execPath, [script, ...command, '--vcs-enabled=false', '.'], {
      cwd: folder,
      encoding: 'utf8',
    });
    return { status: done.status, said: done.stdout + done.stderr };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

test('cells have no lint that the library would not have', () => {
  const { status, said } = biome('lint', '--error-on-warnings', '--max-diagnostics=50');
  assert.equal(status, 0, said);
});

test('cells are formatted like the library, in lines that fit a notebook', () => {
  // A cell is read beside its outputs: where it has one setting a line, that stays.
  const { status, said } = biome('format', '--line-width=96', '--javascript-formatter-expand=auto');
  assert.equal(status, 0, said);
});

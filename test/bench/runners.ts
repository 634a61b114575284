/**
 * What runners of notebooks make of each way to fail: tsnb on a notebook in TypeScript, the others on its counterpart in
 * Python, which is where they are at home. The tools are installed into .cache for this benchmark alone, or are those of
 * the environment that TSNB_RUNNERS names.
 */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { LAUNCHER } from '../notebooks/kernel/client.js';

const TOOLS = [
  'nbclient==0.11.0',
  'papermill==2.7.0',
  'nbmake==1.5.5',
  'nbval==0.11.0',
  'jupyter-cache==1.0.1',
  'marimo==0.25.2',
];
const LIMIT_S = 10;
const PATIENCE_MS = 40_000;

const environment = (): string => {
  const own = process.env.TSNB_RUNNERS ?? resolve('.cache/runners');
  if (!existsSync(own)) {
    console.error('installing runners into .cache, for this benchmark alone');
    spawnSync('python3', ['-m', 'venv', own], { stdio: ['ignore', 2, 2] });
    spawnSync(join(own, 'bin/pip'), ['install', '-q', ...TOOLS, 'ipykernel', 'pytest'], { stdio: ['ignore', 2, 2] });
  }
  return own;
};

/** Cells in TypeScript, and the same in Python. */
interface Kind {
  readonly typescript: readonly string[];
  readonly python: readonly string[];
}

const KINDS: Readonly<Record<string, Kind>> = {
  'nothing wrong': { typescript: ['1 + 1'], python: ['1 + 1'] },
  throw: { typescript: ['throw new Error("thrown")'], python: ['raise ValueError("thrown")'] },
  'type error': { typescript: ['const n: number = "text"'], python: ['n: int = "text"'] },
  'error of a task, late': {
    typescript: [
      'setTimeout(() => void Promise.reject(new Error("late")), 100); void 0',
      'await new Promise(done => setTimeout(done, 500))',
    ],
    python: [
      'import asyncio\nasync def late():\n    await asyncio.sleep(0.1)\n    raise ValueError("late")\ntask = asyncio.create_task(late())',
      'await asyncio.sleep(0.5)',
    ],
  },
  'endless loop': { typescript: ['for (;;);'], python: ['while True: pass'] },
  'endless loop that waits': {
    typescript: ['for (;;) await new Promise(done => setTimeout(done, 1))'],
    python: ['import asyncio\nwhile True: await asyncio.sleep(0.001)'],
  },
  'exit 0': { typescript: ['process.exit(0)'], python: ['import os\nos._exit(0)'] },
  abort: { typescript: ['process.abort()'], python: ['import os\nos.abort()'] },
  'kill -9': {
    typescript: ['process.kill(process.pid, "SIGKILL"); await new Promise(() => {})'],
    python: ['import os\nos.kill(os.getpid(), 9)'],
  },
  '100 MB of output': {
    typescript: ['for (let i = 0; i < 1e5; i++) console.log("x".repeat(999))'],
    python: ['for i in range(100_000): print("x" * 999)'],
  },
};

interface Runner {
  readonly name: string;
  readonly language: keyof Kind;
  /** Its command for a notebook, in a folder of its own. */
  readonly command: (file: string, folder: string) => readonly string[];
  readonly form?: 'marimo';
  /** What it prints of a failure that its exit code hides. */
  readonly tells?: RegExp;
}

const runnersIn = (bin: string): Runner[] => {
  const tool = (name: string) => join(bin, name);
  const pytest = (...args: string[]) => [tool('python'), '-m', 'pytest', '-q', '-p', 'no:cacheprovider', ...args];
  const python = 'python' as const;
  return [
    {
      name: 'tsnb',
      language: 'typescript',
      command: (file, folder) => [
        process.execPath,
        LAUNCHER,
        'run',
        '--timeout',
        `${LIMIT_S}`,
        '-o',
        join(folder, 'out'),
        file,
      ],
    },
    { name: 'nbclient', language: python, command: file => [tool('jupyter-execute'), `--timeout=${LIMIT_S}`, file] },
    {
      name: 'papermill',
      language: python,
      command: (file, folder) => [
        tool('papermill'),
        '--execution-timeout',
        `${LIMIT_S}`,
        file,
        join(folder, 'out.ipynb'),
      ],
    },
    { name: 'nbmake', language: python, command: file => pytest('--nbmake', `--nbmake-timeout=${LIMIT_S}`, file) },
    {
      name: 'nbval',
      language: python,
      command: file => pytest('--nbval-lax', `--nbval-cell-timeout=${LIMIT_S}`, file),
    },
    {
      name: 'jupyter-cache',
      tells: /(?:excepted|errored):\n- /,
      language: python,
      command: (file, folder) => [
        'sh',
        '-c',
        `echo y | ${tool('jcache')} notebook -p ${folder}/cache add ${file} && exec ${tool('jcache')} project -p ${folder}/cache execute --timeout ${LIMIT_S}`,
      ],
    },
    {
      name: 'marimo',
      language: python,
      form: 'marimo',
      command: (file, folder) => [
        tool('marimo'),
        'export',
        'ipynb',
        file,
        '-o',
        join(folder, 'out.ipynb'),
        '--include-outputs',
      ],
    },
  ];
};

const SPECS = {
  typescript: { name: 'tsnb', display_name: 'TypeScript', language: 'typescript' },
  python: { name: 'python3', display_name: 'Python 3', language: 'python' },
} as const;

const notebook = (sources: readonly string[], language: keyof Kind): string =>
  JSON.stringify({
    cells: sources.map((source, i) => ({
      cell_type: 'code',
      id: `c${i}`,
      source,
      metadata: {},
      outputs: [],
      execution_count: null,
    })),
    metadata: { kernelspec: SPECS[language] },
    nbformat: 4,
    nbformat_minor: 5,
  });

const indented = (source: string): string => source.replace(/^/gm, '    ');
/** One cell: those of marimo are functions, which share only what they return. */
const marimoFile = (sources: readonly string[]): string =>
  `import marimo\napp = marimo.App()\n\n@app.cell\nasync def _():\n${indented(sources.join('\n'))}\n    return\n`;

interface Started {
  readonly folder: string;
  readonly file: string;
  readonly command: readonly string[];
}

const prepare = ({ command, form, language }: Runner, sources: readonly string[] | undefined): Started => {
  const folder = mkdtempSync(join(tmpdir(), 'runners-'));
  const file = join(folder, form === 'marimo' ? 'test_a.py' : 'test_a.ipynb');
  const text = sources && (form === 'marimo' ? marimoFile(sources) : notebook(sources, language));
  writeFileSync(file, text ?? '{ "cells": [');
  return { folder, file, command: command(file, folder) };
};

/** The exit code, or that it never ended. */
const tried = async (runner: Runner, sources: readonly string[] | undefined): Promise<string> => {
  const { folder, command } = prepare(runner, sources);
  const child = spawn(command[0]!, command.slice(1), {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'ignore'],
    detached: true,
  });
  let said = '';
  child.stdout?.on('data', text => {
    said = (said + text).slice(-10_000);
  });
  const patience = setTimeout(() => process.kill(-child.pid!, 'SIGKILL'), PATIENCE_MS);
  const [code] = (await once(child, 'exit')) as [number | null];
  clearTimeout(patience);
  rmSync(folder, { recursive: true, force: true });
  if (code === null) return 'no end';
  return runner.tells?.test(said) ? `${code}, told` : `${code}`;
};

const alive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !/^State:\s*Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
};

/** Whether what runs the cells outlives a runner that is killed. */
const orphans = async (runner: Runner): Promise<string> => {
  const place = join(mkdtempSync(join(tmpdir(), 'runners-')), 'pid');
  const { folder, command } = prepare(
    runner,
    runner.language === 'typescript'
      ? [`(await import('node:fs')).writeFileSync('${place}', String(process.pid)); for (;;);`]
      : [`import os\nopen('${place}', 'w').write(str(os.getpid()))\nwhile True: pass`],
  );
  const child = spawn(command[0]!, command.slice(1), { cwd: folder, stdio: 'ignore', detached: true });
  const end = Date.now() + PATIENCE_MS;
  while (!(existsSync(place) && readFileSync(place, 'utf8')) && Date.now() < end)
    await new Promise(done => setTimeout(done, 50));
  if (!existsSync(place)) return '?';
  const pid = Number(readFileSync(place, 'utf8'));
  child.kill('SIGKILL');
  await new Promise(done => setTimeout(done, 5000));
  const left = pid !== child.pid && alive(pid);
  if (left) process.kill(pid, 'SIGKILL');
  rmSync(folder, { recursive: true, force: true });
  return left ? 'stays' : 'ends';
};

const own = environment();
const runners = runnersIn(join(own, 'bin'));
const versions = spawnSync(join(own, 'bin/pip'), ['list', '--format', 'freeze'], { encoding: 'utf8' }).stdout;
const versionOf = (name: string): string =>
  new RegExp(`^${name.replace('-', '[-_]')}==(.*)$`, 'm').exec(versions)?.[1] ?? '';

console.log(
  `Exit codes, 0 where the tool took the notebook for good, “told” where it printed otherwise; ${LIMIT_S} s for a cell where the tool has such a limit, which marimo has not; Python checks no types; “no end” after ${PATIENCE_MS / 1000} s.\n`,
);
console.log(`| | ${runners.map(({ name }) => `${name} ${versionOf(name)}`.trim()).join(' | ')} |`);
console.log(`|---|${'---|'.repeat(runners.length)}`);
const row = async (kind: string, cell: (runner: Runner) => Promise<string>): Promise<void> => {
  const cells: string[] = [];
  for (const runner of runners) cells.push(await cell(runner));
  console.error(`  ${kind}: ${cells.join(' ')}`);
  console.log(`| ${kind} | ${cells.join(' | ')} |`);
};
for (const [kind, cells] of Object.entries(KINDS)) await row(kind, runner => tried(runner, cells[runner.language]));
await row('a file that is no notebook', runner => tried(runner, undefined));
await row('the process of the cells, after kill -9 of the runner', orphans);
process.exit();

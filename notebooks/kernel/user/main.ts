import { writeSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { Project } from '../project.js';
import { type Bundle, type Command, type DisplayType, type Expression, marker } from '../protocol.js';
import { createCells } from './cells.js';
import { listen, openChannel } from './channel.js';
import { displayContent, EMIT, serveTslab } from './display.js';
import { createEvaluator, type Outcome } from './evaluate.js';
import { createModules } from './modules.js';
import { show } from './show.js';
import { createTraceback } from './traceback.js';

/** The process in which cells run. Arguments: the project, the nonce of output markers, the loader's URL. */
interface Options {
  readonly project: Project;
  readonly nonce: string;
  readonly loader: string;
}

type Execute = Extract<Command, { type: 'execute' }>;

const { project, nonce, loader } = JSON.parse(process.argv[2] ?? '{}') as Options;
const channel = openChannel();
const cells = createCells();
const evaluator = createEvaluator();
const modules = createModules(project, new URL(loader));
const traceback = createTraceback(cells, dirname(fileURLToPath(import.meta.url)), project.root);
const global = globalThis as unknown as Record<symbol | string, unknown>;

process.setSourceMapsEnabled(true);
Error.prepareStackTrace = traceback.prepare;

let value: unknown;
let failed = new Set<number>();
let markers = 0;

const emit = (kind: DisplayType, content: Bundle): void =>
  channel.send({ type: 'display', cell: cells.current(), kind, content: displayContent(kind, content) });

const cellFile = join(project.notebook, 'cell.mts');
global[EMIT] = emit;
global[Symbol.for('tsnb.runtime')] = {
  import: modules.import,
  meta: { url: pathToFileURL(cellFile).href, dirname: project.notebook, filename: cellFile },
  result: (last: unknown) => {
    value = last;
  },
};
global.require = createRequire(cellFile);

for (const name of ['stdout', 'stderr'] as const) {
  process[name].write = ((chunk: string | Uint8Array, encoding?: unknown, done?: unknown): boolean => {
    const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8');
    channel.send({ type: 'stream', cell: cells.current(), name, text });
    const callback = typeof encoding === 'function' ? encoding : done;
    if (typeof callback === 'function') process.nextTick(callback as () => void);
    return true;
  }) as typeof process.stdout.write;
}

const report = (cell: number, thrown: unknown): void => {
  failed.add(cell);
  channel.send({ type: 'error', cell, error: traceback.describe(thrown) });
};
process.on('uncaughtException', error => report(cells.current(), error));
process.on('unhandledRejection', reason => report(cells.current(), reason));
process.on('exit', code => channel.send({ type: 'exit', code }));

const finish = async (command: Execute, outcome: Outcome): Promise<void> => {
  const { cell, silent } = command;
  if (!outcome.ok) report(cell, outcome.thrown);
  // Rejections without a handler are known only after the microtasks of the cell.
  await new Promise(resolve => setImmediate(resolve));
  if (outcome.ok && !silent && value !== undefined) {
    try {
      channel.send({ type: 'result', cell, content: { ...(await show(value)) } });
    } catch (error) {
      report(cell, error);
    }
  }
  const expressions: Record<string, Expression> = {};
  for (const fd of [1, 2]) {
    try {
      writeSync(fd, marker(nonce, markers + 1));
    } catch {
      // The cell has closed it.
    }
  }
  markers++;
  const status = failed.has(cell) ? 'error' : 'ok';
  failed = new Set();
  channel.send({ type: 'done', cell, status, expressions, payload: [], marker: markers });
};

const execute = (command: Execute): void => {
  const { cell: id, label, js, source, mappings } = command;
  value = undefined;
  cells.enter({ id, label, js, source, mappings }, () =>
    evaluator.run(id, js, outcome => void finish(command, outcome)),
  );
};

listen(command => {
  if (command.type === 'execute') execute(command);
  if (command.type === 'shutdown') process.exit(0);
});

try {
  serveTslab(emit, cellFile);
} catch {
  // tslab is not installed here: nobody can import it either.
}
channel.send({ type: 'ready' });

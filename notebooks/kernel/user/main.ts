import { createRequire } from 'node:module';
import { join } from 'node:path';
import { PLACES, renamed } from '../compiler/rename.js';
import { listen, openChannel } from '../link/channel.js';
import type { Bundle, Command, DisplayType, UserOptions } from '../link/protocol.js';
import { createCells } from './cells.js';
import { requireTypeScript } from './commonjs.js';
import { COMMS, createComms } from './comms.js';
import { createEngineGuard } from './engine.js';
import { createEvaluator } from './evaluate.js';
import { createExecutor } from './executor.js';
import { createGlobals } from './globals.js';
import { createInterrupts } from './interrupts.js';
import { createLives } from './lives.js';
import { createModules } from './modules.js';
import { captureOutput } from './output.js';
import { propertiesAt } from './properties.js';
import { createQuestions } from './questions.js';
import { createRecall } from './recall.js';
import { createRuntime } from './runtime.js';
import { displayContent, EMIT, serveTslab } from './show/display.js';
import { type Shown, showLive } from './show/show.js';
import { createSignals } from './signals.js';
import { serveStdin } from './stdin.js';
import { startInterrupter } from './termination.js';
import { bindTimers } from './timers.js';
import { createTraceback } from './traceback.js';
import { uncut, uncutChannel } from './uncut.js';

// The process in which cells run.
const options = JSON.parse(process.argv[2] ?? '{}') as UserOptions;
const { project, own, loader, tslab } = options;
const cellFile = join(project.notebook, 'cell.mts');
const cells = createCells();
const shared = createSignals();
const interrupter = startInterrupter(new URL(options.interrupter), shared);
const lives = createLives(interrupter.terminate);
/** The cell whose code runs; where nobody knows, the running one or the latest. */
const speaker = () => lives.speaker() ?? cells.current();
const channel = captureOutput(uncutChannel(openChannel(), shared), speaker);
const evaluator = createEvaluator(lives.begin);
const modules = createModules({ project, loader: new URL(loader), tslab });
requireTypeScript(project, cellFile, modules.options);
const traceback = createTraceback(cells, own, project.root);
const questions = createQuestions(channel, speaker);
const allowsInput = () => cells.get(speaker())?.allowStdin === true;
const show = (value: unknown) => showLive(value, content => emit('update_display_data', { ...content }));
const display = (content: Shown) => emit('display_data', { ...content });
const graph = () => cells.get(speaker())?.graph ?? [];
const services = createGlobals({ channel, modules, questions, allowsInput, graph, show, display });
const recall = createRecall(globalThis);
const executor = createExecutor({
  channel,
  cells,
  evaluator,
  show,
  shown: services.shown,
  keep: recall.keep,
  describe: traceback.describe,
  payload: services.payload,
  interrupted: cell => interrupts.asked(cell),
  finish: cell => interrupts.finish(cell),
});
const engine = createEngineGuard(shared, () => interrupts.safePoint());
const interrupts = createInterrupts({
  interrupter,
  lives,
  shared,
  conclude: executor.interrupt,
  refuse: questions.refuse,
  stopped: engine.repair,
});
const emit = (kind: DisplayType, content: Bundle): void =>
  channel.send({ type: 'display', cell: speaker(), kind, content: displayContent(kind, content) });
const comms = createComms((kind, content, metadata, buffers) =>
  channel.send({ type: 'comm', cell: speaker(), kind, content, metadata }, buffers),
);

process.setSourceMapsEnabled(true);
Error.prepareStackTrace = traceback.prepare;
Object.assign(globalThis, services.globals, {
  [EMIT]: emit,
  [COMMS]: comms,
  [Symbol.for('tsnb.runtime')]: createRuntime({
    project,
    interrupts,
    lives,
    modules,
    loaded: engine.look,
    evaluator,
    result: value => executor.result(services.isDisplayed(value) ? undefined : value),
  }),
  require: createRequire(cellFile),
});
bindTimers(lives.bind);
serveStdin(() => questions.ask('', false), allowsInput);
// Meant for the child processes that a cell waits for: the process itself is interrupted in another way.
process.on('SIGINT', () => undefined);
process.on('uncaughtException', thrown => executor.stray(thrown, lives.origin(undefined, thrown)));
process.on('unhandledRejection', (reason, promise) => executor.stray(reason, lives.origin(promise, reason)));

const receive = (command: Command, buffers: readonly Uint8Array[]): void => {
  if (command.type === 'execute') {
    interrupts.enter(command.cell, () => {
      engine.begin();
      modules.configure(command.options, command.types);
      executor.execute(command);
    });
  }
  if (command.type === 'input_reply') questions.answered(command.value);
  if (command.type === 'comm') {
    const { cell, kind, content } = command;
    interrupts.enter(cell, () => {
      engine.begin();
      executor.handle(cell, () => comms.receive(kind, content, buffers));
    });
  }
  if (command.type === 'properties') {
    const { question, path } = command;
    channel.send({ type: 'properties', question, properties: propertiesAt(path, evaluator) });
  }
  if (command.type === 'shutdown') process.exit(0);
};

try {
  serveTslab(emit, cellFile);
} catch {
  // Not installed: cells that import it get user/tslab.ts.
}
// In the cells' own scope, where a lookup is quicker than through the global object; commands wait until it is there.
const first = `$tsnb = globalThis[Symbol.for("tsnb.runtime")];
[${PLACES.map(renamed)}] = [$tsnb.meta.dirname, $tsnb.meta.filename];`;
evaluator.run(0, first, ['$tsnb', ...PLACES.map(renamed)], () => {
  listen(receive, read => uncut(shared, read));
  channel.send({ type: 'ready' });
});

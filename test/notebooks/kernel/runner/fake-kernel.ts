import { existsSync, writeFileSync } from 'node:fs';
import { Publisher, Router } from 'zeromq';
import { address, readConnection } from '../../../../notebooks/kernel/jupyter/connection.js';
import { outbox, UNBOUNDED } from '../../../../notebooks/kernel/jupyter/outbox.js';
import { decode, encode, header, type Json, type Message, signer } from '../../../../notebooks/kernel/jupyter/wire.js';

/**
 * A kernel that misbehaves on request: each cell's text is a command. It shows what the runner makes of kernels that
 * lose messages, swallow errors, hang and die, which a sound kernel cannot.
 */
const info = readConnection(process.argv[2]!);
const sign = signer(info.key, info.signature_scheme);
const shell = new Router(UNBOUNDED);
const control = new Router(UNBOUNDED);
const iopub = new Publisher({ sendHighWaterMark: UNBOUNDED.sendHighWaterMark });
await shell.bind(address(info, 'shell'));
await control.bind(address(info, 'control'));
await iopub.bind(address(info, 'iopub'));
const pub = outbox(iopub);

const message = (type: string, content: Json, parent: Message, identities: Message['identities'] = []) =>
  encode(
    { identities, header: header(type, 'fake'), parent_header: parent.header, metadata: {}, content, buffers: [] },
    sign,
  );
const publish = (type: string, content: Json, parent: Message) => pub.send(message(type, content, parent));

let interrupt: () => void = () => undefined;
const failure = { ename: 'TypeError', evalue: 'wrong', traceback: ['cell [2]:2:3', 'TypeError: wrong'] };

type Outcome = Json | 'silence' | 'no idle';

const commands: Readonly<Record<string, (request: Message, word: string) => Outcome | Promise<Outcome>>> = {
  async print(request, word) {
    await publish('stream', { name: 'stdout', text: `${word}\n` }, request);
    return { status: 'ok' };
  },
  async env(request, word) {
    await publish('stream', { name: 'stdout', text: `${process.env[word]}\n` }, request);
    return { status: 'ok' };
  },
  async pid(request) {
    await publish('stream', { name: 'stdout', text: `pid ${process.pid}\n` }, request);
    return { status: 'ok' };
  },
  async random(request) {
    await publish('stream', { name: 'stdout', text: `${Math.random()}\n` }, request);
    return { status: 'ok' };
  },
  /** `result 1.5` declares a result that should be 1 ± 0.1. */
  async result(request, word) {
    const value = word === 'NaN' ? null : Number(word);
    const named = { name: 'one', value, expected: 1, tolerance: 0.1 };
    const data = { 'text/plain': `one: ${word}`, 'application/vnd.tsnb.result+json': named };
    await publish('display_data', { data, metadata: {} }, request);
    return { status: 'ok' };
  },
  async error(request) {
    await publish('error', failure, request);
    return { status: 'error', ...failure };
  },
  async hides(request) {
    await publish('error', failure, request);
    return { status: 'ok' };
  },
  async mutters(request, word) {
    await publish('stream', { name: 'stderr', text: `${word}\n` }, request);
    return { status: 'error' };
  },
  swallows: () => ({ status: 'error', ...failure }),
  aborts: () => ({ status: 'aborted' }),
  loses: () => 'no idle',
  /** Its reply is there long before its outputs are. */
  lags(request) {
    let left = 12;
    const timer = setInterval(() => {
      void publish('stream', { name: 'stdout', text: '.' }, request);
      if (--left > 0) return;
      clearInterval(timer);
      void publish('status', { execution_state: 'idle' }, request);
    }, 500);
    return 'no idle';
  },
  deaf: () => 'silence',
  hangs: () =>
    new Promise(resolve => {
      interrupt = () => resolve({ status: 'error', ename: 'Interrupted', evalue: '', traceback: [] });
    }),
  dies() {
    console.error('out of memory');
    process.exit(7);
  },
  /** `dies-once FILE`: the first time, when that file is not there yet. */
  'dies-once'(_, word) {
    if (existsSync(word)) return { status: 'ok' };
    writeFileSync(word, '');
    process.exit(7);
  },
  'later-dies'() {
    setTimeout(() => process.exit(7), 20);
    return { status: 'ok' };
  },
  late(request) {
    setTimeout(() => publish('error', failure, request), 20);
    return { status: 'ok' };
  },
  async wait() {
    await new Promise(resolve => setTimeout(resolve, 60));
    return { status: 'ok' };
  },
  async shows(request, word) {
    await publish(
      'display_data',
      { data: { 'text/plain': word }, metadata: {}, transient: { display_id: 'd' } },
      request,
    );
    return { status: 'ok' };
  },
  async updates(request, word) {
    const content = { data: { 'text/plain': word }, metadata: {}, transient: { display_id: 'd' } };
    await publish('update_display_data', content, request);
    return { status: 'ok' };
  },
};

const answers: Readonly<Record<string, (request: Message) => Outcome | Promise<Outcome>>> = {
  kernel_info_request: () => ({ status: 'ok', implementation: 'fake', implementation_version: '1', language_info: {} }),
  execute_request(request) {
    const [command = '', word = ''] = String(request.content.code).split(/\s/);
    return commands[command]?.(request, word) ?? commands.wait!(request, word);
  },
  interrupt_request() {
    interrupt();
    return { status: 'ok' };
  },
  shutdown_request() {
    setTimeout(() => process.exit(0), 10);
    return { status: 'ok' };
  },
};

const serve = async (socket: Router): Promise<void> => {
  const out = outbox(socket);
  for await (const frames of socket) {
    const request = decode(frames, sign);
    const type = request.header.msg_type;
    await publish('status', { execution_state: 'busy' }, request);
    const outcome = await answers[type]?.(request);
    if (outcome === undefined || outcome === 'silence') continue;
    const content = outcome === 'no idle' ? { status: 'ok' } : outcome;
    await out.send(message(type.replace('request', 'reply'), content, request, request.identities));
    if (outcome !== 'no idle') await publish('status', { execution_state: 'idle' }, request);
  }
};
await Promise.all([serve(shell), serve(control)]);

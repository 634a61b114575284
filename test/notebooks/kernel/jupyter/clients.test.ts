import assert from 'node:assert/strict';
import { createConnection } from 'node:net';
import { after, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { Dealer, Request } from 'zeromq';
import { address } from '../../../../notebooks/kernel/jupyter/connection.js';
import { encode, header, type Json, type Message, signer } from '../../../../notebooks/kernel/jupyter/wire.js';
import { sharedKernel } from '../shared.js';

const within = <T>(work: Promise<T>, what: string): Promise<T> =>
  Promise.race([work, wait(5000, undefined, { ref: false }).then(() => assert.fail(`no answer: ${what}`))]);

const message = (type: string, content: Json): Message => ({
  identities: [],
  header: header(type, 'recorded', 'test'),
  parent_header: {},
  metadata: {},
  content,
  buffers: [],
});

describe('clients of all kinds', () => {
  const { kernel, run } = sharedKernel();

  it('are answered where one comes back under the identity of a connection that is still there', async () => {
    const { info } = kernel();
    for (const channel of ['shell', 'control'] as const) {
      const dealers = [1, 2].map(() => new Dealer({ linger: 0, routingId: 'twice' }));
      try {
        for (const dealer of dealers) {
          dealer.connect(address(info, channel));
          await dealer.send(encode(message('kernel_info_request', {}), signer(info.key)));
          assert.ok((await within(dealer.receive(), channel)).length > 5);
        }
      } finally {
        for (const dealer of dealers) dealer.close();
      }
    }
  });

  it('may send junk to the heartbeat, which beats on', async () => {
    const { info } = kernel();
    const dealer = new Dealer({ linger: 0 });
    after(() => dealer.close());
    dealer.connect(address(info, 'hb'));
    const junk = [['junk'], [''], ['', ''], ['a', 'b', 'c'], ['', 'a', ''], ['a', '', 'b']];
    for (const frames of junk) await dealer.send(frames);
    const hasty = new Request({ linger: 0 });
    hasty.connect(address(info, 'hb'));
    await hasty.send('gone before the answer');
    hasty.close();
    const noise = createConnection(info.hb_port, info.ip);
    noise.on('error', () => undefined);
    noise.end('GET / HTTP/1.0\r\n\r\n');
    await within(kernel().beat(), 'after junk');
    await dealer.send(['', 'beat']);
    await within(kernel().beat(), 'after more of it');
  });

  it('have a signed request executed once, however often it comes', async () => {
    await run('let runs = 0');
    const { info, raw } = kernel();
    const frames = encode(message('execute_request', { code: 'runs += 1', silent: false }), signer(info.key));
    for (let time = 0; time < 5; time++) await raw('shell', [...frames]);
    await raw('control', [...frames]);
    assert.equal((await run('runs')).result, '1');
    assert.match(kernel().log(), /message dropped: .*before/);
  });
});

import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { setTimeout as wait } from 'node:timers/promises';
import { slow } from '../../../support/slow.js';
import { type Client, startKernel } from '../client.js';

/** Training that is interrupted, at whatever moment, can go on: tfjs and the library's trainer are as after a step. */
describe('interrupted training', { timeout: 180_000, skip: slow('trains, and interrupts it many times') }, () => {
  let kernel: Client;
  before(async () => {
    kernel = await startKernel();
    const { reply } = await kernel.execute(`import * as tf from '@tensorflow/tfjs';
      import { mlp, philox, trainer } from './lib/index.js';
      await tf.setBackend('cpu');
      let steps = 0;
      const state = () => {
        const { scopeStack, gradientDepth, kernelDepth } = tf.engine().state;
        return [scopeStack.length, gradientDepth, kernelDepth].join(' ');
      };
      const x = tf.randomNormal([32, 4], 0, 1, 'float32', 1);
      const weights = tf.variable(tf.zeros([4, 1]));
      const adam = tf.train.adam(0.01);
      const loss = () => tf.mean(tf.square(tf.sub(tf.matMul(x, weights), 1))) as tf.Scalar;
      adam.minimize(loss);
      const network = mlp({ event: [2], width: 16, layers: 2, embedding: 8 }, philox(1));
      const points = tf.randomNormal([64, 2], 0, 1, 'float32', 2);
      const times = tf.fill([64], 0.5) as tf.Tensor1D;
      const trained = trainer({
        parameters: network.parameters,
        learningRate: () => 1e-3,
        loss: (batch: tf.Tensor) => tf.mean(tf.square(network.apply(batch, times))) as tf.Scalar,
      });
      trained.step(points);
      const model = tf.sequential({ layers: [tf.layers.dense({ units: 8, inputShape: [4] })] });
      model.compile({ loss: 'meanSquaredError', optimizer: 'sgd' });
      const target = tf.zeros([32, 8]);
      const fit = () => model.fit(x, target, { epochs: 1e6, verbose: 0, callbacks: { onBatchEnd: () => void steps++ } });
      state()`);
    assert.equal(reply.content.status, 'ok', JSON.stringify(reply.content.traceback));
  });
  after(() => kernel.close());

  const value = async (code: string) => {
    const { reply, result } = await kernel.execute(code);
    assert.equal(reply.content.status, 'ok', `${code}: ${JSON.stringify(reply.content)}`);
    return result;
  };

  const goesOn = async (code: string, next: string, most = 60) => {
    const before = await value('state()');
    const tensors = Number(await value('tf.memory().numTensors'));
    for (const delay of [150, 157, 163, 171, 188, 200]) {
      await value('steps = 0');
      const running = kernel.execute(code);
      await wait(delay);
      await kernel.request('interrupt_request', {}, { channel: 'control' });
      assert.equal((await running).reply.content.ename, 'KeyboardInterrupt');
      assert.equal(await value('state()'), before, `after ${delay} ms`);
      await value(next);
    }
    assert.notEqual(await value('steps'), '0');
    const left = Number(await value('tf.memory().numTensors')) - tensors;
    assert.ok(left < most, `${left} tensors were left by six interrupts`);
  };

  it('of an optimizer', () => goesOn('for (;;) { adam.minimize(loss); steps++ }', 'adam.minimize(loss)'));
  it("of the library's trainer", () =>
    goesOn('for (;;) { trained.step(points).dispose(); steps++ }', 'trained.step(points).dispose()'));
  it('of a model of layers, with fit, which keeps the losses of all epochs until it has ended', () =>
    goesOn('await fit()', 'await model.fit(x, target, { epochs: 1, verbose: 0 })', Number.POSITIVE_INFINITY));
  it('within the average of the parameters, which are put back', async () => {
    const sum = '[...network.parameters.values()].map(each => tf.sum(each).dataSync()[0]).join()';
    const before = await value(sum);
    const run = 'trained.withAverage(() => { for (;;) { network.apply(points, times).dispose(); steps++ } })';
    await goesOn(run, 'trained.withAverage(() => 1)');
    assert.equal(await value(sum), before);
  });
  it('where V8 had to end it in the middle of scopes', async () => {
    const before = await value('state()');
    const code = `tf.tidy(() => { const kept = tf.variableGrads(() => { tf.square(weights); steps++; for (;;); }); return kept.value })`;
    const running = kernel.execute(code);
    await wait(150);
    await kernel.request('interrupt_request', {}, { channel: 'control' });
    assert.equal((await running).reply.content.ename, 'KeyboardInterrupt');
    assert.equal(await value('state()'), before);
    await value('adam.minimize(loss)');
  });
});

import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import type { Report } from '../../../../notebooks/kernel/link/protocol.js';
import { createFlood } from '../../../../notebooks/kernel/user/flood.js';

describe('a flood of lines', () => {
  const start = () => {
    const sent: Report[] = [];
    const turns: (() => void)[] = [];
    const flood = createFlood({ send: report => void sent.push(report) }, then => turns.push(then));
    const texts = () => sent.map(report => (report.type === 'stream' ? report.text : ''));
    return { flood, sent, texts, turn: () => turns.splice(0).forEach(then => void then()) };
  };

  it('is joined; lines that come calmly are not', () => {
    const { flood, sent, texts, turn } = start();
    for (let i = 0; i < 500; i++) flood.write('stdout', `${i}\n`, 1);
    assert.equal(sent.length, 500);
    turn();
    for (let i = 500; i < 100_500; i++) flood.write('stdout', `${i}\n`, 1);
    turn();
    assert.equal(texts().join(''), Array.from({ length: 100_500 }, (_, i) => `${i}\n`).join(''));
    assert.ok(sent.length < 3000, `${sent.length} reports`);
  });

  it('keeps the order of streams and cells', () => {
    const { flood, sent, turn } = start();
    for (let i = 0; i < 2000; i++) flood.write('stdout', 'x', 1);
    flood.write('stderr', 'e', 1);
    flood.write('stderr', 'f', 2);
    turn();
    const last = sent.slice(-2).map(report => report.type === 'stream' && [report.name, report.cell, report.text]);
    assert.deepEqual(last, [
      ['stderr', 1, 'e'],
      ['stderr', 2, 'f'],
    ]);
  });
});

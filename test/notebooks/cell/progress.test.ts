import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { progress } from '../../../notebooks/cell/progress.js';

describe('progress', () => {
  it('hands on every item, draws at most as often as asked, and ends with the whole', () => {
    const drawn: string[] = [];
    let clock = 0;
    const options = {
      label: 'epoch',
      every: 100,
      now: () => clock,
      draw: ({ text: line }: { text: string }) => void drawn.push(line),
    };
    const seen: number[] = [];
    for (const item of progress([1, 2, 3, 4], options)) {
      seen.push(item);
      clock += 60;
    }
    assert.deepEqual(seen, [1, 2, 3, 4]);
    assert.deepEqual(
      drawn.map(line => /(\d)\/4/.exec(line)?.[1]),
      ['0', '2', '4', '4'],
    );
    assert.match(drawn.at(-1)!, /^epoch █+ 100% 4\/4, 0:00, 16\.7\/s$/);
  });

  it('ends also when the loop is left early', () => {
    const drawn: boolean[] = [];
    for (const item of progress([1, 2, 3], { draw: ({ last }) => void drawn.push(last) })) if (item === 2) break;
    assert.equal(drawn.at(-1), true);
  });
});

/** Runs in a thread of its own, bundled: draws one batch after the other into the memory that it shares. */
import { workerData } from 'node:worker_threads';
import type { Shard } from '../../lib/rng/shard.js';
import { type Range, scaleOf } from '../scale.js';
import { fillSlot, type Source } from './fill.js';
import { drawsOf, type Plan } from './plan.js';
import { complain, fillForever, type Ring } from './ring.js';

/** All that the thread has to know. */
export interface Job {
  readonly plan: Plan;
  readonly shard: Shard;
  readonly source: Source;
  readonly range: Range;
  /** The number of the first batch to draw. */
  readonly from: number;
  readonly ring: Ring;
}

const { plan, shard, source, range, from, ring } = workerData as Job;
try {
  const draw = drawsOf(plan, shard);
  const scale = scaleOf(range);
  let nth = from;
  fillForever(ring, slot => fillSlot(source, draw(nth++), scale, slot));
} catch (error) {
  complain(ring, error);
}

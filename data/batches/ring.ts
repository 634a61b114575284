import type { Slot } from './fill.js';

/** Memory that two threads share: slots that one fills and the other empties in turn. Plain, so that it can be sent. */
export interface Ring {
  readonly control: Int32Array;
  readonly slots: readonly Slot[];
  /** What went wrong in the thread that fills, as text. */
  readonly complaint: Uint8Array;
}

/** Batches filled so far, and batches taken out; the difference is what lies ready. */
const FILLED = 0;
const TAKEN = 1;
/** The length of the complaint, 0 where there is none. */
const FAILED = 2;
/** Changes with every batch filled and with a complaint: what the emptying side waits for. */
const NEWS = 3;

const shared = (bytes: number): SharedArrayBuffer => new SharedArrayBuffer(bytes);

/** @param values numbers of all images of a batch @param labels images of a batch */
export const createRing = (slots: number, values: number, labels: number): Ring => ({
  control: new Int32Array(shared(16)),
  slots: Array.from({ length: slots }, () => ({
    images: new Float32Array(shared(4 * values)),
    labels: new Uint16Array(shared(2 * labels)),
  })),
  complaint: new Uint8Array(shared(1024)),
});

/** How many batches lie ready. */
export const ready = ({ control }: Ring): number => (Atomics.load(control, FILLED) - Atomics.load(control, TAKEN)) | 0;

const tell = (control: Int32Array): void => {
  Atomics.add(control, NEWS, 1);
  Atomics.notify(control, NEWS);
};

/** The filling side: one batch after the other, with a pause while all slots are full. It never returns. */
export function fillForever(ring: Ring, fill: (slot: Slot) => void): never {
  const { control, slots } = ring;
  for (let at = 0; ; at = (at + 1) % slots.length) {
    for (;;) {
      const taken = Atomics.load(control, TAKEN);
      if (ready(ring) < slots.length) break;
      Atomics.wait(control, TAKEN, taken);
    }
    fill(slots[at]!);
    Atomics.add(control, FILLED, 1);
    tell(control);
  }
}

/** Tells the other side that no more batches will come. */
export function complain({ control, complaint }: Ring, error: unknown): void {
  const text = Buffer.from(error instanceof Error ? error.message : String(error)).subarray(0, complaint.length);
  complaint.set(text);
  Atomics.store(control, FAILED, Math.max(1, text.length));
  tell(control);
}

/**
 * The emptying side: a copy of the batch whose turn it is.
 * @param nth how many were taken out before
 * @param patienceMs a thread that does not answer for so long is dead
 * @returns the batch, and for how many milliseconds it was waited for
 * @throws where the other side has complained or died
 */
export function takeOut(ring: Ring, nth: number, patienceMs: number): Slot & { readonly waited: number } {
  const waited = ready(ring) > 0 ? 0 : waitFor(ring, patienceMs);
  const { control, slots } = ring;
  const { images, labels } = slots[nth % slots.length]!;
  const batch = { images: images.slice(), labels: labels.slice(), waited };
  Atomics.add(control, TAKEN, 1);
  Atomics.notify(control, TAKEN);
  return batch;
}

function waitFor(ring: Ring, patienceMs: number): number {
  const { control, complaint } = ring;
  const start = performance.now();
  for (;;) {
    const news = Atomics.load(control, NEWS);
    if (ready(ring) > 0) return performance.now() - start;
    const length = Atomics.load(control, FAILED);
    if (length > 0) throw new Error(Buffer.from(complaint.slice(0, length)).toString('utf8'));
    if (Atomics.wait(control, NEWS, news, patienceMs) === 'timed-out') {
      throw new Error(`the thread that draws batches has not answered for ${patienceMs / 1000} s; open them anew`);
    }
  }
}

import { add, concat, mul, pad, reshape, slice, type Tensor } from '@tensorflow/tfjs-core';

/**
 * Halving, doubling and blurring images with a short symmetric filter along both axes, at whose borders the image is 0.
 * Written as sums of slices, whose gradients every backend has. [Karras 2019, app. B; Zhang 2019]
 */
export type Resample = (x: Tensor) => Tensor;

/** Σ wᵢ vᵢ. */
const weighted = (terms: readonly (readonly [number, Tensor])[]): Tensor =>
  terms.map(([w, v]) => mul(v, w)).reduce((sum, term) => add(sum, term));

/** Acts on the middle axis of [outer, length, inner], the rows and then the columns of an image. */
const alongBoth =
  (act: (x: Tensor) => Tensor): Resample =>
  x => {
    const [n = 1, h = 1, w = 1, c = 1] = x.shape;
    const tall = act(reshape(x, [n, h, w * c]));
    const height = tall.shape[1]!;
    const wide = act(reshape(tall, [n * height, w, c]));
    return reshape(wide, [n, height, wide.shape[1]!, c]);
  };

const padded = (x: Tensor, each: number): Tensor =>
  each === 0
    ? x
    : pad(x, [
        [0, 0],
        [each, each],
        [0, 0],
      ]);

const part = (x: Tensor, from: number, length: number): Tensor => slice(x, [0, from, 0], [-1, length, -1]);

const unit = (taps: readonly number[]): number[] => {
  const total = taps.reduce((sum, tap) => sum + tap, 0);
  return taps.map(tap => tap / total);
};

/** [B, H, W, C] → [B, H/2, W/2, C]: yᵢ = Σⱼ kⱼ x₂ᵢ₊ⱼ₋ₚ with Σ k = 1. */
export const halve = (taps: readonly number[]): Resample => {
  const k = unit(taps);
  return alongBoth(x => {
    const p = padded(x, (k.length - 2) / 2);
    const [outer = 1, length = 1, inner = 1] = p.shape;
    const pairs = reshape(p, [outer, length / 2, 2 * inner]); // even and odd places side by side
    const places = x.shape[1]! / 2;
    return weighted(k.map((tap, j) => [tap, slice(pairs, [0, j >> 1, (j % 2) * inner], [-1, places, inner])] as const));
  });
};

/** [B, H, W, C] → [B, 2H, 2W, C]: zeros between the pixels, then the filter with Σ k = 2 along each axis. */
export const double = (taps: readonly number[]): Resample => {
  const k = unit(taps).map(tap => 2 * tap);
  return alongBoth(x => {
    const reach = (k.length - 2) / 2;
    const p = padded(x, reach);
    const [outer = 1, length = 1, inner = 1] = x.shape;
    const phase = (first: number): Tensor =>
      weighted(k.filter((_, j) => j % 2 === first).map((tap, j) => [tap, part(p, j + first * reach, length)] as const));
    const both = concat([phase(0), phase(1)], 2); // [outer, length, 2 inner]
    return reshape(both, [outer, 2 * length, inner]);
  });
};

/** [B, H, W, C] → [B, H + 2 each + 1 − n, …]: the filter alone, Σ k = `gain` along each axis, on an image with a margin. */
export const blur = (taps: readonly number[], each: number, gain = 1): Resample => {
  const k = unit(taps).map(tap => gain * tap);
  return alongBoth(x => {
    const p = padded(x, each);
    const length = p.shape[1]! + 1 - k.length;
    return weighted(k.map((tap, j) => [tap, part(p, j, length)] as const));
  });
};

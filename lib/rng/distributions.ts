/**
 * Words to numbers, in the layout of TensorFlow's stateless operations with the Philox algorithm: the float32
 * results equal StatelessRandomUniformV2 and StatelessRandomNormalV2 for the same key and counter.
 */

/** [0, 1) on a grid of 2⁻²³: the low 23 bits of each word become the mantissa. */
export const uniformFloat32 = (words: Uint32Array, n: number): Float32Array => {
  const out = new Float32Array(n);
  for (let i = 0; i < n; i++) out[i] = (words[i]! & 0x7fffff) * 2 ** -23;
  return out;
};

/** [0, 1) on a grid of 2⁻⁵², two words a number. */
export const uniformFloat64 = (words: Uint32Array, n: number): Float64Array => {
  const out = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    out[i] = ((words[2 * i]! & 0xfffff) * 2 ** 32 + words[2 * i + 1]!) * 2 ** -52;
  }
  return out;
};

/** N(0, 1) by Box–Muller on pairs of words, rounded to float32 after each operation as TensorFlow does. */
export const normalFloat32 = (words: Uint32Array, n: number): Float32Array => {
  const out = new Float32Array(n);
  const { fround, log, sqrt, sin, cos, PI, max } = Math;
  const tiny = fround(1e-7); // TensorFlow's guard against log 0
  for (let i = 0; i < n; i += 2) {
    const u = max((words[i]! & 0x7fffff) * 2 ** -23, tiny);
    const angle = fround(2 * PI * ((words[i + 1]! & 0x7fffff) * 2 ** -23));
    const radius = fround(sqrt(fround(-2 * fround(log(u)))));
    out[i] = fround(sin(angle)) * radius;
    if (i + 1 < n) out[i + 1] = fround(cos(angle)) * radius;
  }
  return out;
};

import * as tf from '@tensorflow/tfjs-core';

/** Strides are what a slice of the padded input steps over; every other choice is one number. */
interface FilterGradientAttributes {
  readonly strides: [number, number] | number;
  readonly pad: Parameters<typeof tf.backend_util.computeConv2DInfo>[4];
  readonly dimRoundingMode?: 'floor' | 'round' | 'ceil';
  readonly filterShape: [number, number, number, number];
}

const asTensor = (value: tf.TensorInfo): tf.Tensor =>
  value instanceof tf.Tensor ? value : tf.engine().makeTensorFromTensorInfo(value);

/**
 * ∂/∂W of conv2d as one matrix product per filter tap: dW[i, j] = x[i::s, j::s]ᵀ dy.
 * @param x [B, H, W, C] and dy [B, H', W', K]; returns [kh, kw, C, K].
 */
function filterGradient(x: tf.Tensor4D, dy: tf.Tensor4D, attributes: FilterGradientAttributes): tf.Tensor {
  const { strides, pad, dimRoundingMode, filterShape } = attributes;
  const info = tf.backend_util.computeConv2DInfo(x.shape, filterShape, strides, 1, pad, dimRoundingMode);
  const [height, width, channels, filters] = filterShape;
  const { top, bottom, left, right } = info.padInfo;
  const { strideHeight, strideWidth } = info;
  const [batch, rows, columns] = dy.shape;
  const padded = tf.pad(x, [
    [0, 0],
    [top, bottom],
    [left, right],
    [0, 0],
  ]);
  const outer = tf.reshape(dy, [-1, filters]); // [B H' W', K]
  const taps = Array.from({ length: height * width }, (_, tap) => {
    const begin = [0, Math.floor(tap / width), tap % width, 0];
    const span = [batch, (rows - 1) * strideHeight + 1, (columns - 1) * strideWidth + 1, channels];
    const end = begin.map((start, axis) => start + (span[axis] ?? 0));
    const seen = tf.stridedSlice(padded, begin, end, [1, strideHeight, strideWidth, 1]); // [B, H', W', C]
    return tf.matMul(tf.reshape(seen, [-1, channels]) as tf.Tensor2D, outer as tf.Tensor2D, true, false);
  });
  return tf.reshape(tf.stack(taps), filterShape);
}

/** Adds the kernel that a backend lacks, without which no convolution can be trained on it. */
export function registerFilterGradient(backendName: string): void {
  const kernelName = 'Conv2DBackpropFilter';
  if (tf.getKernel(kernelName, backendName) !== undefined) return;
  tf.registerKernel({
    kernelName,
    backendName,
    kernelFunc: ({ inputs, attrs }) => {
      const { x, dy } = inputs as { x: tf.TensorInfo; dy: tf.TensorInfo };
      const attributes = attrs as unknown as FilterGradientAttributes;
      return tf.tidy(() => filterGradient(asTensor(x) as tf.Tensor4D, asTensor(dy) as tf.Tensor4D, attributes));
    },
  });
}

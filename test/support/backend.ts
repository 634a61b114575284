import { createRequire } from 'node:module';

/**
 * Readies a TensorFlow.js backend for tests: the native one where its addon is compiled, otherwise the JavaScript one.
 * Both register the gradients. Import this module for its effect before any operation.
 */
const require = createRequire(import.meta.url);
process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';

const native = (): boolean => {
  const util: Record<string, unknown> = require('node:util');
  util.isNullOrUndefined ??= (value: unknown) => value === null || value === undefined;
  util.isArray ??= Array.isArray;
  try {
    require('@tensorflow/tfjs-node-gpu');
    return true;
  } catch {
    return false;
  }
};

const load = (): string => {
  if (process.env.TEST_BACKEND !== 'cpu' && native()) return 'tensorflow';
  require('@tensorflow/tfjs-core').enableProdMode(); // silences the hint to install the native backend
  require('@tensorflow/tfjs');
  return 'cpu';
};

/** 'tensorflow' or 'cpu'. */
export const backend = load();

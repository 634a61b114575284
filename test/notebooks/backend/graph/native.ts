import '../../../support/backend.js';
import { nativeBackend } from '../../../../notebooks/backend/graph/binding.js';
import { deviceOf } from '../../../../notebooks/backend/graph/device.js';
import type { Mode } from '../../../../notebooks/backend/graph/index.js';
import { acceleratorNamed, startAccelerator } from '../../../../notebooks/backend/pjrt/choose.js';

const backend = nativeBackend();
const accelerator = acceleratorNamed(process.env.ACCELERATOR ?? '');

/** Why nothing can be compiled here, if nothing can. */
const missing = (): string | false => {
  if (!backend) return 'the native TensorFlow backend is not compiled here';
  const started = startAccelerator(backend, accelerator);
  return started && 'refused' in started ? `no device ${started.name}: ${started.refused}` : false;
};

/** The option of a test that needs the native backend: false, or what is left out. */
export const skip = missing();

/** True where programs run on a device beside TensorFlow. */
export const onDevice = backend !== undefined && deviceOf(backend) !== undefined;

/** How a function runs that was asked to use XLA, or not to: a device compiles all in one way. */
export const compiledMode = (xla: boolean): Mode => (onDevice ? 'device' : xla ? 'xla' : 'graph');

/** A `report` that keeps its messages. */
export const listener = () => {
  const messages: string[] = [];
  return { messages, report: (message: string) => void messages.push(message) };
};

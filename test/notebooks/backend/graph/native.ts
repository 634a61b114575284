import '../../../support/backend.js';
import { nativeBackend } from '../../../../notebooks/backend/graph/binding.js';

/** The option of a test that needs the native backend: false, or what is left out. */
export const skip = nativeBackend() ? false : 'the native TensorFlow backend is not compiled here';

/** A `report` that keeps its messages. */
export const listener = () => {
  const messages: string[] = [];
  return { messages, report: (message: string) => void messages.push(message) };
};

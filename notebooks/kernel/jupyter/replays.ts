import type { Signer } from './wire.js';

/** As many as other kernels remember; some megabytes. */
const REMEMBERED = 1 << 16;

/**
 * Refuses a signature that has come before: nobody signs the same message twice, but whoever has seen one could send
 * it again. Unsigned messages cannot be told apart.
 */
export const withoutReplays = ({ sign, verify }: Signer, most = REMEMBERED): Signer => {
  const seen = new Set<string>();
  return {
    sign,
    verify(signature, parts) {
      if (!verify(signature, parts)) return false;
      const text = signature.toString('latin1');
      if (text === '') return true;
      if (seen.has(text)) throw new Error('a message of this signature has come before');
      seen.add(text);
      const [oldest] = seen;
      if (seen.size > most) seen.delete(oldest!);
      return true;
    },
  };
};

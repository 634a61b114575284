import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';

/** Bytes that may wait to be written while more comes. */
const AHEAD = 2 ** 20;

/** A connection that failed: another try may succeed. Every other error is final. */
export class Cut extends Error {}

/** What a server answers. */
export interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The body as it comes. @throws Cut where it ends early, after all that has come */
  pieces(): AsyncGenerator<Uint8Array>;
  close(reason?: Error): void;
}

/**
 * Listens from the first byte on: what has come counts, although the connection is cut before it is asked for. A stream
 * that is read by iteration forgets it.
 */
export function answerOf(response: IncomingMessage): Answer {
  const queue: Uint8Array[] = [];
  let [queued, ended, closed, reason, wake] = [0, false, false, 'aborted', (): void => undefined];
  response.on('data', (piece: Uint8Array) => {
    queue.push(piece);
    queued += piece.length;
    if (queued > AHEAD) response.pause();
    wake();
  });
  response.on('end', () => {
    ended = true;
    wake();
  });
  response.on('error', error => {
    reason = error.message;
  });
  response.on('close', () => {
    closed = true;
    wake();
  });
  const pieces = async function* () {
    for (;;) {
      const piece = queue.shift();
      if (piece !== undefined) {
        queued -= piece.length;
        yield piece;
        if (queued <= AHEAD) response.resume();
      } else if (ended) return;
      else if (closed) throw new Cut(reason);
      else {
        await new Promise<void>(resolve => {
          wake = resolve;
        });
      }
    }
  };
  const { statusCode: status = 0, headers } = response;
  return { status, headers, pieces, close: error => void response.destroy(error) };
}

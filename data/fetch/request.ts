import http, { type IncomingMessage } from 'node:http';
import https from 'node:https';

const REDIRECTS = 5;

/** A connection that failed: another try may succeed. Every other error is final. */
export class Cut extends Error {}

const ask = (url: string, headers: Record<string, string>, idleMs: number): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    const { get } = url.startsWith('https:') ? https : http;
    let answer: IncomingMessage | undefined;
    const request = get(url, { headers, agent: false, timeout: idleMs }, response => {
      answer = response;
      resolve(response);
    });
    request.on('timeout', () => (answer ?? request).destroy(new Error(`nothing came for ${idleMs / 1000} s`)));
    request.on('error', error => reject(new Cut(error.message || (error as NodeJS.ErrnoException).code)));
  });

/**
 * Asks for a file from a byte on, and follows redirections. The answer's bytes are those of the file: none is unpacked
 * on the way, as `fetch` would do.
 * @param idleMs after so long without a byte the connection is given up
 * @throws where the server has no such file
 */
export async function request(url: string, from: number, idleMs: number): Promise<IncomingMessage> {
  const headers = { 'accept-encoding': 'identity', ...(from > 0 && { range: `bytes=${from}-` }) };
  let at = url;
  for (let hop = 0; hop <= REDIRECTS; hop++) {
    const response = await ask(at, headers, idleMs);
    const { statusCode: status = 0, headers: told } = response;
    if (status === 200 || status === 206 || status === 416) return response;
    response.destroy();
    if (status >= 300 && status < 400 && told.location !== undefined) {
      at = new URL(told.location, at).href;
      continue;
    }
    const reason = `status ${status} found, 200 expected`;
    throw status >= 500 || status === 408 || status === 429 ? new Cut(reason) : new Error(reason);
  }
  throw new Error(`more than ${REDIRECTS} redirections found`);
}

/** The body as it comes. @throws Cut where it ends early */
export async function* piecesOf(response: IncomingMessage): AsyncGenerator<Uint8Array> {
  try {
    for await (const piece of response) yield piece as Uint8Array;
  } catch (error) {
    throw new Cut((error as Error).message);
  }
}

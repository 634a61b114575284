import http from 'node:http';
import https from 'node:https';
import { type Answer, answerOf, Cut } from './body.js';

// tsnb: pinned — fetchFile holds every answer to a SHA-256 of the sources.

const REDIRECTS = 5;

const ask = (url: string, headers: Record<string, string>, idleMs: number): Promise<Answer> =>
  new Promise((resolve, reject) => {
    const { get } = url.startsWith('https:') ? https : http;
    let answer: Answer | undefined;
    const request = get(url, { headers, agent: false, timeout: idleMs }, response => {
      answer = answerOf(response);
      resolve(answer);
    });
    request.on('timeout', () => {
      const stalled = new Error(`nothing came for ${idleMs / 1000} s`);
      if (answer === undefined) request.destroy(stalled);
      else answer.close(stalled);
    });
    request.on('error', error => reject(new Cut(error.message || (error as NodeJS.ErrnoException).code)));
  });

/**
 * Asks for a file from a byte on, and follows redirections. The answer's bytes are those of the file: none is unpacked
 * on the way, as `fetch` would do.
 * @param idleMs after so long without a byte the connection is given up
 * @throws where the server has no such file
 */
export async function request(url: string, from: number, idleMs: number): Promise<Answer> {
  const headers = { 'accept-encoding': 'identity', ...(from > 0 && { range: `bytes=${from}-` }) };
  let at = url;
  for (let hop = 0; hop <= REDIRECTS; hop++) {
    const answer = await ask(at, headers, idleMs);
    const { status } = answer;
    if (status === 200 || status === 206 || status === 416) return answer;
    answer.close();
    if (status >= 300 && status < 400 && answer.headers.location !== undefined) {
      at = new URL(answer.headers.location, at).href;
      continue;
    }
    const reason = `status ${status} found, 200 expected`;
    throw status >= 500 || status === 408 || status === 429 ? new Cut(reason) : new Error(reason);
  }
  throw new Error(`more than ${REDIRECTS} redirections found`);
}

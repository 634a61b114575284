import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { TestContext } from 'node:test';

/** A server on the loopback, and what it was asked for. */
export interface Served {
  readonly url: string;
  /** The Range header of every request so far, '' where there was none. */
  readonly asked: readonly string[];
  close(): Promise<void>;
}

type Answer = (request: IncomingMessage, response: ServerResponse, nth: number) => void;

/** One that its test closes when it has ended. */
export async function serve(context: TestContext, answer: Answer): Promise<Served> {
  const served = await start(answer);
  context.after(served.close);
  return served;
}

async function start(answer: Answer): Promise<Served> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    asked.push(request.headers.range ?? '');
    answer(request, response, asked.length);
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/file.bin`,
    asked,
    close: () =>
      new Promise<void>(resolve => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Where a request's range begins. */
export const fromOf = ({ headers }: IncomingMessage): number =>
  Number(/bytes=(\d+)-/.exec(headers.range ?? '')?.[1] ?? 0);

/** Answers with the rest of the file from where it is asked, and breaks the connection after `upTo` bytes of it. */
export function sendRange(
  request: IncomingMessage,
  response: ServerResponse,
  file: Uint8Array,
  upTo = file.length,
): void {
  const from = fromOf(request);
  const rest = file.subarray(from);
  response.writeHead(from > 0 ? 206 : 200, {
    'content-length': rest.length,
    ...(from > 0 && { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` }),
  });
  sendPart(response, rest, upTo);
}

/** Sends the first bytes and, where there are more, breaks the connection. */
export function sendPart(response: ServerResponse, body: Uint8Array, upTo: number): void {
  if (upTo >= body.length) response.end(body);
  else response.write(body.subarray(0, upTo), () => response.destroy());
}

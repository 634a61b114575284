import { open } from 'node:fs/promises';
import type { IncomingMessage } from 'node:http';
import { sizeOf } from './disk.js';
import { piecesOf, request } from './request.js';

/** Where in the file an answer begins; undefined where it is of no use. */
function startOf({ statusCode, headers }: IncomingMessage, asked: number, bytes: number): number | undefined {
  if (statusCode === 200) return 0;
  return statusCode === 206 && headers['content-range'] === `bytes ${asked}-${bytes - 1}/${bytes}` ? asked : undefined;
}

/** An answer that goes on where the part ends, or else one that holds the whole file. */
async function answer(url: string, from: number, bytes: number, idleMs: number) {
  for (const asked of from > 0 ? [from, 0] : [0]) {
    const response = await request(url, asked, idleMs);
    const start = startOf(response, asked, bytes);
    if (start !== undefined) return { response, start };
    response.destroy();
  }
  throw new Error('a part of the file found, the whole expected');
}

/** One connection: goes on with the part that is there, where the server lets it, or begins anew. */
export async function attempt(url: string, part: string, bytes: number, idleMs: number): Promise<void> {
  const have = await sizeOf(part);
  const { response, start } = await answer(url, have < bytes ? have : 0, bytes, idleMs);
  try {
    const announced = response.headers['content-length'];
    if (announced !== undefined && Number(announced) !== bytes - start) {
      throw new Error(`${announced} bytes announced, ${bytes - start} expected`);
    }
    const file = await open(part, start === 0 ? 'w' : 'r+');
    try {
      let at = start;
      for await (const piece of piecesOf(response)) {
        if (at + piece.length > bytes) throw new Error(`more than ${bytes} bytes found, ${bytes} expected`);
        await file.write(piece, 0, piece.length, at);
        at += piece.length;
      }
    } finally {
      await file.close();
    }
  } finally {
    response.destroy();
  }
}

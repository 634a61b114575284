import { open } from 'node:fs/promises';
import type { Answer } from './body.js';
import { sizeOf } from './disk.js';
import { request } from './request.js';

/** Where in the file an answer begins; undefined where it is of no use. */
function startOf({ status, headers }: Answer, asked: number, bytes: number): number | undefined {
  if (status === 200) return 0;
  return status === 206 && headers['content-range'] === `bytes ${asked}-${bytes - 1}/${bytes}` ? asked : undefined;
}

/** An answer that goes on where the part ends, or else one that holds the whole file. */
async function answerFrom(url: string, from: number, bytes: number, idleMs: number) {
  for (const asked of from > 0 ? [from, 0] : [0]) {
    const answer = await request(url, asked, idleMs);
    const start = startOf(answer, asked, bytes);
    if (start !== undefined) return { answer, start };
    answer.close();
  }
  throw new Error('a part of the file found, the whole expected');
}

/** One connection: goes on with the part that is there, where the server lets it, or begins anew. */
export async function attempt(url: string, part: string, bytes: number, idleMs: number): Promise<void> {
  const have = await sizeOf(part);
  const { answer, start } = await answerFrom(url, have < bytes ? have : 0, bytes, idleMs);
  try {
    const announced = answer.headers['content-length'];
    if (announced !== undefined && Number(announced) !== bytes - start) {
      throw new Error(`${announced} bytes announced, ${bytes - start} expected`);
    }
    const file = await open(part, start === 0 ? 'w' : 'r+');
    try {
      let at = start;
      for await (const piece of answer.pieces()) {
        if (at + piece.length > bytes) throw new Error(`more than ${bytes} bytes found, ${bytes} expected`);
        await file.write(piece, 0, piece.length, at);
        at += piece.length;
      }
    } finally {
      await file.close();
    }
  } finally {
    answer.close();
  }
}

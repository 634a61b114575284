import type { Channel } from '../link/channel.js';
import type { Modules } from './modules.js';

/** The functions that cells find without importing them; compiler/ambient.ts has their types. */
export interface CellGlobals {
  input(prompt?: string, options?: { password?: boolean }): Promise<string>;
  reload(specifier?: string): Promise<unknown>;
  page(text: string): void;
}

export interface GlobalsParts {
  readonly channel: Channel;
  readonly modules: Modules;
  cell(): number;
  /** Whether the request of the running cell allows questions. */
  allowsInput(): boolean;
}

export interface CellServices {
  readonly globals: CellGlobals;
  /** The answer to the latest question. */
  answered(value: string): void;
  /** Nobody will answer any more. */
  refuse(reason: Error): void;
  /** Takes what `page` has collected. */
  payload(): Record<string, unknown>[];
}

export const createGlobals = ({ channel, modules, cell, allowsInput }: GlobalsParts): CellServices => {
  let question: { resolve(value: string): void; reject(reason: Error): void } | undefined;
  let pages: Record<string, unknown>[] = [];
  return {
    globals: {
      input(prompt = '', { password = false } = {}) {
        if (!allowsInput()) {
          return Promise.reject(
            new Error('input() asks somebody, but this run has nobody to ask (allow_stdin is false)'),
          );
        }
        channel.send({ type: 'input_request', cell: cell(), prompt, password });
        return new Promise((resolve, reject) => {
          question = { resolve, reject };
        });
      },
      reload(specifier) {
        channel.send({ type: 'reload' });
        return modules.reload(specifier);
      },
      page: text => void pages.push({ source: 'page', data: { 'text/plain': text }, start: 0 }),
    },
    answered(value) {
      const asked = question;
      question = undefined;
      asked?.resolve(value);
    },
    refuse(reason) {
      question?.reject(reason);
      question = undefined;
    },
    payload() {
      const taken = pages;
      pages = [];
      return taken;
    },
  };
};

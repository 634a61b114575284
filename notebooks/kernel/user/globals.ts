import type { Channel } from '../link/channel.js';
import { NativePromise } from '../link/primordials.js';
import type { Modules } from './modules.js';
import type { Questions } from './questions.js';
import { NOBODY } from './stdin.js';

/** The functions that cells find without importing them; compiler/ambient.ts has their types. */
export interface CellGlobals {
  input(prompt?: string, options?: { password?: boolean }): Promise<string>;
  reload(specifier?: string): Promise<unknown>;
  page(text: string): void;
}

export interface GlobalsParts {
  readonly channel: Channel;
  readonly modules: Modules;
  readonly questions: Questions;
  /** Whether the request of the running cell allows questions. */
  allowsInput(): boolean;
}

export interface CellServices {
  readonly globals: CellGlobals;
  /** Takes what `page` has collected. */
  payload(): Record<string, unknown>[];
}

export const createGlobals = ({ channel, modules, questions, allowsInput }: GlobalsParts): CellServices => {
  let pages: Record<string, unknown>[] = [];
  return {
    globals: {
      input(prompt = '', { password = false } = {}) {
        if (!allowsInput()) return NativePromise.reject(new Error(`input() ${NOBODY}`));
        return questions.ask(String(prompt), password);
      },
      reload(specifier) {
        channel.send({ type: 'reload' });
        return modules.reload(specifier);
      },
      page: text => void pages.push({ source: 'page', data: { 'text/plain': text }, start: 0 }),
    },
    payload() {
      const taken = pages;
      pages = [];
      return taken;
    },
  };
};

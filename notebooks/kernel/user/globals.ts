import { types } from 'node:util';
import type { Channel } from '../link/channel.js';
import { NativePromise, react } from '../link/primordials.js';
import type { GraphRow } from '../link/protocol.js';
import type { Modules } from './modules.js';
import type { Questions } from './questions.js';
import { graphShown } from './show/graph-figure.js';
import type { Later } from './show/presenter.js';
import type { Shown } from './show/show.js';
import { NOBODY } from './stdin.js';
import { createTime } from './time.js';

/** The functions that cells find without importing them; compiler/ambient.ts has their types. */
export interface CellGlobals {
  input(prompt?: string, options?: { password?: boolean }): Promise<string>;
  reload(specifier?: string): Promise<unknown>;
  page(text: string): void;
  display(...values: unknown[]): Promise<void>;
  time<T>(work: () => T): T;
  cells(): readonly GraphRow[];
}

export interface GlobalsParts {
  readonly channel: Channel;
  readonly modules: Modules;
  readonly questions: Questions;
  /** Whether the request of the running cell allows questions. */
  allowsInput(): boolean;
  /** What is known of the notebook's cells. */
  graph(): readonly GraphRow[];
  /** What a value is shown as. */
  show(value: unknown): Later<Shown>;
  /** Puts it below the cell. */
  display(content: Shown): void;
}

export interface CellServices {
  readonly globals: CellGlobals;
  /** Takes what `page` has collected. */
  payload(): Record<string, unknown>[];
  /** Takes what `display` was given since this was last asked: undefined, or resolves when it is shown. */
  shown(): Promise<void> | undefined;
  /** Whether this is what `display` has returned: as the value of a cell, nobody wants to see it. */
  isDisplayed(value: unknown): boolean;
}

export const createGlobals = (parts: GlobalsParts): CellServices => {
  const { channel, modules, questions, allowsInput } = parts;
  let pages: Record<string, unknown>[] = [];
  /** Some values take longer to read than others: what comes after them waits. */
  let showing: Promise<void> | undefined;
  const displayed = new WeakSet<object>();
  const ignore = () => undefined;

  const show = (value: unknown): Promise<void> | undefined => {
    // Now, as it is at this moment, whatever it has to wait for.
    const content = parts.show(value);
    if (showing === undefined && !types.isPromise(content)) {
      parts.display(content);
      return undefined;
    }
    const before = showing;
    const following = async () => {
      await before;
      parts.display(await content);
    };
    const shown = following();
    // Its error is that of `shown`.
    if (types.isPromise(content)) void react(content, ignore, ignore);
    const done = () => {
      if (showing === settled) showing = undefined;
    };
    const settled: Promise<void> = react(shown, done, done);
    showing = settled;
    return shown;
  };

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
      display(...values) {
        const waiting = values.map(show).filter(each => each !== undefined);
        const all = react(NativePromise.all(waiting), ignore);
        displayed.add(all);
        return all;
      },
      cells: () => graphShown(parts.graph()),
      time: createTime(text => process.stdout.write(text)),
    },
    shown() {
      const taken = showing;
      showing = undefined;
      return taken;
    },
    isDisplayed: value => typeof value === 'object' && value !== null && displayed.has(value),
    payload() {
      const taken = pages;
      pages = [];
      return taken;
    },
  };
};

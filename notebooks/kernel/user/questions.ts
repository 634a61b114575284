import type { Channel } from '../link/channel.js';
import { NativePromise } from '../link/primordials.js';

/** Questions to the person at the notebook, who is asked one at a time. */
export interface Questions {
  ask(prompt: string, password: boolean): Promise<string>;
  /** The answer to the question that was asked. */
  answered(value: string): void;
  /** Nobody will answer any more. */
  refuse(reason: Error): void;
}

interface Question {
  readonly cell: number;
  readonly prompt: string;
  readonly password: boolean;
  resolve(value: string): void;
  reject(reason: Error): void;
}

/** @param cell the number of the cell that asks. */
export const createQuestions = (channel: Channel, cell: () => number): Questions => {
  let open: Question[] = [];
  const send = ({ cell: of, prompt, password }: Question) =>
    channel.send({ type: 'input_request', cell: of, prompt, password });
  return {
    ask: (prompt, password) =>
      new NativePromise((resolve, reject) => {
        const question = { cell: cell(), prompt, password, resolve, reject };
        open = [...open, question];
        if (open.length === 1) send(question);
      }),
    answered(value) {
      const [asked, ...others] = open;
      open = others;
      asked?.resolve(value);
      if (others[0]) send(others[0]);
    },
    refuse(reason) {
      const all = open;
      open = [];
      for (const { reject } of all) reject(reason);
    },
  };
};

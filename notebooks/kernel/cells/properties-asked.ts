import type { Command, Property } from '../link/protocol.js';

/** Questions to the user process about its values, each with an answer soon or none: the process may be in a loop. */
export interface PropertiesAsked {
  ask(path: readonly string[]): Promise<readonly Property[]>;
  answered(question: number, properties: readonly Property[]): void;
}

const PATIENCE_MS = 300;

export const createPropertiesAsked = (send: (command: Command) => void): PropertiesAsked => {
  const open = new Map<number, (properties: readonly Property[]) => void>();
  let count = 0;
  const answered = (question: number, properties: readonly Property[]) => {
    open.get(question)?.(properties);
    open.delete(question);
  };
  return {
    ask: path =>
      new Promise(resolve => {
        const question = ++count;
        const timer = setTimeout(answered, PATIENCE_MS, question, []);
        open.set(question, properties => {
          clearTimeout(timer);
          resolve(properties);
        });
        send({ type: 'properties', question, path });
      }),
    answered,
  };
};

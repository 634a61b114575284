import type { Message } from '../../../notebooks/kernel/jupyter/wire.js';

/** Everything that answers one request. */
export interface Answer {
  readonly reply: Message;
  /** iopub messages of this request, in order, from busy to idle. */
  readonly messages: readonly Message[];
  readonly types: readonly string[];
  stream(name: 'stdout' | 'stderr'): string;
  /** The text/plain of the execute_result. */
  readonly result: string | undefined;
}

export const answer = (reply: Message, messages: readonly Message[]): Answer => {
  const result = messages.find(({ header: { msg_type } }) => msg_type === 'execute_result');
  return {
    reply,
    messages,
    types: messages.map(({ header: { msg_type } }) => msg_type),
    stream: name =>
      messages
        .filter(({ header: { msg_type }, content }) => msg_type === 'stream' && content.name === name)
        .map(({ content }) => content.text)
        .join(''),
    result: (result?.content.data as Record<string, string> | undefined)?.['text/plain'],
  };
};

import type { Bundle, CommKind } from '../link/protocol.js';
import type { Json } from './wire.js';

/** The open comms by id, for comm_info_request: followed as the messages of both sides pass by. */
export interface CommTable {
  pass(kind: CommKind, content: Bundle): void;
  /** comm_info_request → comm_info_reply. */
  info(content: Json): Json;
  clear(): void;
}

export const isCommKind = (type: string): type is CommKind => /^comm_(open|msg|close)$/.test(type);

export const createCommTable = (): CommTable => {
  const targets = new Map<string, string>();
  return {
    pass(kind, content) {
      const id = String(content.comm_id);
      if (kind === 'comm_open') targets.set(id, String(content.target_name));
      if (kind === 'comm_close') targets.delete(id);
    },
    info({ target_name: wanted }) {
      const found = [...targets].filter(([, target]) => wanted === undefined || wanted === '' || wanted === target);
      return { status: 'ok', comms: Object.fromEntries(found.map(([id, target_name]) => [id, { target_name }])) };
    },
    clear: () => targets.clear(),
  };
};

import { randomUUID } from 'node:crypto';
import type { Bundle, CommKind } from '../link/protocol.js';

/**
 * Comms: messages between a cell's objects and their views in the front end (ipywidgets' transport).
 * `globalThis[Symbol.for('Jupyter.comms')]` is the one object of this kind:
 *
 *   const comms = globalThis[Symbol.for('Jupyter.comms')];
 *   const comm = comms.open('my.target', { initial: 1 });   // from here to the front end
 *   comm.onMessage = (data, buffers) => comm.send({ echo: data });
 *   comms.register('my.other', (comm, data) => …);          // when the front end opens one
 */
export interface Comms {
  open(target: string, data?: Bundle, metadata?: Bundle, buffers?: readonly Uint8Array[]): Comm;
  register(target: string, opened: (comm: Comm, data: Bundle, buffers: readonly Uint8Array[]) => void): void;
}

export interface Comm {
  readonly id: string;
  readonly target: string;
  send(data: Bundle, metadata?: Bundle, buffers?: readonly Uint8Array[]): void;
  close(data?: Bundle): void;
  onMessage: ((data: Bundle, buffers: readonly Uint8Array[]) => void) | undefined;
  onClose: ((data: Bundle) => void) | undefined;
}

export const COMMS = Symbol.for('Jupyter.comms');

export interface CommHub extends Comms {
  /** A comm message from the front end. */
  receive(kind: CommKind, content: Bundle, buffers: readonly Uint8Array[]): void;
}

type Send = (kind: CommKind, content: Bundle, metadata: Bundle, buffers: readonly Uint8Array[]) => void;

export const createComms = (send: Send): CommHub => {
  const open = new Map<string, Comm>();
  const targets = new Map<string, Parameters<Comms['register']>[1]>();
  const create = (id: string, target: string): Comm => {
    const comm: Comm = {
      id,
      target,
      onMessage: undefined,
      onClose: undefined,
      send: (data, metadata = {}, buffers = []) => send('comm_msg', { comm_id: id, data }, metadata, buffers),
      close(data = {}) {
        if (open.delete(id)) send('comm_close', { comm_id: id, data }, {}, []);
      },
    };
    open.set(id, comm);
    return comm;
  };
  return {
    open(target, data = {}, metadata = {}, buffers = []) {
      const comm = create(randomUUID().replaceAll('-', ''), target);
      send('comm_open', { comm_id: comm.id, target_name: target, data }, metadata, buffers);
      return comm;
    },
    register: (target, opened) => void targets.set(target, opened),
    receive(kind, content, buffers) {
      const id = String(content.comm_id);
      const data = (content.data as Bundle | undefined) ?? {};
      const target = String(content.target_name);
      if (kind === 'comm_open') {
        const opened = targets.get(target);
        // The protocol's answer to a target that nobody has registered.
        if (!opened) return send('comm_close', { comm_id: id, data: {} }, {}, []);
        return opened(create(id, target), data, buffers);
      }
      const comm = open.get(id);
      if (kind === 'comm_msg') return comm?.onMessage?.(data, buffers);
      open.delete(id);
      comm?.onClose?.(data);
    },
  };
};

import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot, requireFromRoot } from '../../files/root.js';
import { readOutcome } from '../../setup/stage.js';

declare const kind: unique symbol;
interface Handle<Name extends string> {
  readonly [kind]: Name;
}

/** The devices of one plugin. */
export type Client = Handle<'client'>;
/** Values on a device, or soon there. */
export type Buffer = Handle<'buffer'>;
/** A compiled program. */
export type Executable = Handle<'program'>;

export type HostValues = Float32Array | Int32Array | Uint8Array;

/** An option of a client, in the plugin's own words. */
export type ClientOption =
  | { readonly name: string; readonly type: 'string'; readonly value: string }
  | { readonly name: string; readonly type: 'int' | 'float'; readonly value: number }
  | { readonly name: string; readonly type: 'bool'; readonly value: boolean };

export interface ClientDescription {
  readonly platform: string;
  readonly version: string;
  /** The version of PJRT that the plugin speaks. */
  readonly interface: string;
  /** The kind of each device. */
  readonly devices: readonly string[];
}

/** The functions of native/addon.cc. All of them throw the plugin's own message. */
export interface Addon {
  createClient(path: string, options: readonly ClientOption[]): Client;
  describe(client: Client): ClientDescription;
  /** Bytes in use and their peak, −1 where the plugin does not count. */
  memory(client: Client, device: number): { readonly used: number; readonly peak: number };
  /** @param type PJRT's code of it */
  upload(client: Client, device: number, values: HostValues, type: number, shape: readonly number[]): Buffer;
  /** Waits for the values, and writes them into the array. */
  read<A extends HostValues>(buffer: Buffer, into: A): A;
  readLater<A extends HostValues>(buffer: Buffer, into: A): Promise<A>;
  /** Gives the memory back now; else that is done when the handle is collected. */
  release(buffer: Buffer): void;
  /** @param options a serialised CompileOptionsProto */
  compile(client: Client, text: string, options: Uint8Array): Executable;
  serialise(program: Executable): Uint8Array;
  load(client: Client, bytes: Uint8Array): Executable;
  dispose(program: Executable): void;
  /**
   * Starts the program and returns at once.
   * @param kept positions of arguments whose memory the program must leave alone
   */
  execute(program: Executable, given: readonly Buffer[], kept: readonly number[]): Buffer[];
}

export const addonPath = (root: string): string => join(root, '.build', 'pjrt.node');

/** @throws Error with what the set-up said, where the add-on is missing */
export const loadAddon = (): Addon => {
  const root = projectRoot();
  const path = addonPath(root);
  if (!existsSync(path)) throw new Error(readOutcome(root, 'pjrt-addon')?.note ?? 'its add-on is not compiled');
  return requireFromRoot(path) as Addon;
};

import { statSync } from 'node:fs';
import { cpus } from 'node:os';
import type { NativeBackend } from '../graph/binding.js';
import type { Device } from '../graph/device.js';
import type { Kind } from '../graph/program.js';
import { loadQuietly } from '../quiet.js';
import type { Addon, Buffer, Client, ClientDescription, ClientOption, Executable, HostValues } from './addon.js';
import type { Cache } from './cache.js';
import { elementOf, elementTypes } from './element.js';
import { compileOptions } from './options.js';
import { residents } from './resident.js';
import { executable } from './run.js';
import type { Precision } from './site.js';

export interface DeviceSettings {
  readonly addon: Addon;
  /** The path of the plugin. */
  readonly plugin: string;
  readonly options: readonly ClientOption[];
  /** Where compiled programs are kept, if anywhere. */
  readonly cache?: Cache;
}

/** The plugin's devices as this process uses them. */
export interface Machine {
  readonly addon: Addon;
  readonly client: Client;
  readonly description: ClientDescription;
  upload(values: HostValues, kind: Kind): Buffer;
  /** Compiles a module, or takes it from the cache. */
  compile(text: string): Executable;
}

/** @throws Error where the plugin cannot be opened or finds no device */
export const openMachine = ({ addon, plugin, options, cache }: DeviceSettings): Machine => {
  const client = loadQuietly(() => addon.createClient(plugin, options));
  const description = addon.describe(client);
  const { size, mtimeMs } = statSync(plugin);
  // a program for a CPU is made for that CPU
  const identity = [plugin, size, mtimeMs, JSON.stringify(description), cpus()[0]?.model ?? ''].join('\n');
  const upload: Machine['upload'] = (values, { shape, dtype }) =>
    addon.upload(client, 0, values, elementTypes[elementOf(dtype)].pjrt, shape);
  const compile: Machine['compile'] = text => {
    const key = [identity, compileOptions, text];
    const kept = cache?.read(key);
    if (kept) {
      try {
        return addon.load(client, kept);
      } catch {
        cache?.remove(key); // of another build of the plugin, say
      }
    }
    const made = addon.compile(client, text, compileOptions);
    if (cache) keep(() => cache.write(key, addon.serialise(made)));
    return made;
  };
  return { addon, client, description, upload, compile };
};

/** A plugin that cannot serialise, or a full disk, is no reason to stop. */
const keep = (write: () => void): void => {
  try {
    write();
  } catch {
    // compiled anew next time
  }
};

/** The first of a plugin's devices, for the programs of a backend. */
export const pjrtDevice = (backend: NativeBackend, machine: Machine): Device => {
  const { addon, upload } = machine;
  const held = residents(backend, addon, upload);
  let single: Precision = 'float32';
  return {
    executable: (program, example, bfloat16) =>
      executable({ backend, machine, held }, program, example, bfloat16 ? 'bfloat16' : single),
    forget: held.forget,
    allowTensorFloat32: allowed => {
      single = allowed ? 'tensorfloat32' : 'float32';
    },
    close: held.close,
  };
};

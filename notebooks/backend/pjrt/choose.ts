import { join } from 'node:path';
import { projectRoot } from '../../files/root.js';
import type { NativeBackend } from '../graph/binding.js';
import { setDevice } from '../graph/device.js';
import { type AcceleratorName, acceleratorNames, accelerators } from './accelerators.js';
import { loadAddon } from './addon.js';
import { programCache } from './cache.js';
import { type Machine, openMachine, pjrtDevice } from './device.js';
import { findPlugin } from './plugin.js';

/** The device that compiled functions run on. */
export interface AcceleratorReport {
  readonly name: AcceleratorName;
  /** Its kind, and how many there are. */
  readonly device: string;
  /** The plugin, with the version of the interface that it speaks. */
  readonly plugin: string;
  readonly why: string;
}

/**
 * The accelerator of this name; undefined for '' and 'none', which stand for TensorFlow alone.
 * @throws Error for a name that is not known
 */
export const acceleratorNamed = (name: string): AcceleratorName | undefined => {
  if (name === '' || name === 'none') return undefined;
  const known = acceleratorNames.find(candidate => candidate === name);
  if (known === undefined)
    throw new Error(`ACCELERATOR=${name} is not known; choose one of ${acceleratorNames.join(', ')}, none`);
  return known;
};

/**
 * Opens the plugin of an accelerator.
 * @param path of the plugin's library, where it is not that of the installed package
 * @throws Error with one line that says what is missing or what the plugin refused
 */
export const openAccelerator = (name: AcceleratorName, path = process.env.PJRT_LIBRARY_PATH ?? ''): Machine => {
  const plugin = path === '' ? findPlugin(name) : path;
  if (plugin === undefined)
    throw new Error(
      `its plugin is not installed: pip install ${accelerators[name].distribution} in .venv, or name the library ` +
        'in PJRT_LIBRARY_PATH',
    );
  const cache = programCache(join(projectRoot(), '.cache', 'pjrt'));
  return openMachine({ addon: loadAddon(), plugin, options: accelerators[name].options, cache });
};

/** A device as a report has it: "4 × cpu". */
const describe = (devices: readonly string[]): string =>
  devices.length === 1 ? devices[0]! : `${devices.length} × ${devices[0]}`;

/** The first line of an error. */
const line = (error: unknown): string => (error instanceof Error ? error.message : String(error)).split('\n')[0]!;

/**
 * Makes a device the place where compiled functions run.
 * @param backend the native one; undefined where another runs, which can compile nothing
 * @param name undefined for TensorFlow alone
 * @returns what runs there, why it does not where it was asked for, and undefined where it was not
 */
export const startAccelerator = (
  backend: NativeBackend | undefined,
  name: AcceleratorName | undefined,
): AcceleratorReport | { readonly name: AcceleratorName; readonly refused: string } | undefined => {
  if (backend) setDevice(backend, undefined);
  if (name === undefined) return undefined;
  if (!backend) return { name, refused: 'functions are compiled by the native TensorFlow backend alone' };
  try {
    const machine = openAccelerator(name);
    const { devices, interface: version } = machine.description;
    setDevice(backend, pjrtDevice(backend, machine));
    const plugin = `${accelerators[name].distribution}, PJRT ${version}`;
    return { name, device: describe(devices), plugin, why: `ACCELERATOR=${name}` };
  } catch (error) {
    return { name, refused: line(error) };
  }
};

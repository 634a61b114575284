import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot, requireFromRoot } from '../../files/root.js';
import { readOutcome } from '../../setup/stage.js';
import type { Attribute } from '../graph/binding.js';
import { loadQuietly } from '../quiet.js';

/** The functions of native/collective.cc. */
export interface AddOn {
  /**
   * Starts the server of this task, which lives as long as the process.
   * @param port confined to the loopback interface; 0 for a server that others reach
   * @returns whether it was confined
   */
  join(config: Uint8Array, server: Uint8Array, port: number): boolean;
  /** Runs an operation of one vector, or none where it is empty, and waits so long for the result. */
  run(
    op: string,
    device: string,
    attributes: readonly Attribute[],
    vector: Float32Array,
    milliseconds: number,
  ): Float32Array;
  /** What is wrong with a task; empty where it answers. */
  health(task: string, milliseconds: number): string;
}

/** @throws where it is not there, with what the set-up said */
export const loadAddOn = (): AddOn => {
  const root = projectRoot();
  const path = join(root, '.build', 'collective.node');
  if (!existsSync(path)) {
    const why = ['tensorflow', 'tensorflow-collective'].map(stage => readOutcome(root, stage)).find(o => !o?.ready);
    throw new Error(
      `several processes need TensorFlow's own runtime: ${why?.note ?? 'not set up; make notebooks does it'}`,
    );
  }
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '3';
  return loadQuietly(() => requireFromRoot(path) as AddOn);
};

import { cpus } from 'node:os';

/** The Node and the processor that a result may depend on. */
export const machine = () => [process.version, process.platform, process.arch, cpus().length, cpus()[0]?.model];

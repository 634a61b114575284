export { checkConfig, fromOriginalConfig, type NcsnppConfig, type OriginalConfig } from './config.js';
export { ncsnpp } from './ncsnpp.js';
export { originalArrays, writeOriginal } from './original.js';
export { type Preset, presets } from './presets.js';

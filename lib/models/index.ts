export { type Classifier, type ClassifierConfig, classifier, crossEntropy } from './classifier.js';
export { checkConfig, fromOriginalConfig, type NcsnppConfig, type OriginalConfig } from './config.js';
export { writeEdm } from './edm.js';
export { type Inception, inception } from './inception.js';
export { ncsnpp } from './ncsnpp.js';
export { originalArrays, writeOriginal } from './original.js';
export { type Preset, type PresetName, presets } from './presets.js';

export * from './flat.js';
export * from './safetensors.js';
export * from './schedule.js';
export * from './snapshot.js';
export * from './train.js';
export * from './trainer.js';
export * from './update.js';

export * from './flat.js';
export * from './schedule.js';
export * from './trainer.js';
export * from './update.js';

export { describeBackend } from './report.js';
export { startBackend } from './start.js';
export type { BackendDetails, BackendName, BackendReport, Rejection } from './types.js';
export { backendNames } from './types.js';

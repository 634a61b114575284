export { type ClusterOptions, cluster, type Group } from './cluster.js';
export { share } from './share.js';

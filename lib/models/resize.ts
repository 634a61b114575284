import type { Scope } from '../nn/scope.js';
import type { NcsnppConfig } from './config.js';
import { convolveDown, convolveUp } from './layers.js';
import { double, halve } from './resample.js';
import { type Block, residual } from './residual.js';

/** Makes the layer between two levels, which keeps the number of channels. */
type Resizer = (scope: Scope, channels: number) => Block;

/** How a network goes down a level and up a level. */
export const resizers = (config: NcsnppConfig): { shrink: Resizer; grow: Resizer } => {
  const { taps, resize } = config;
  if (resize === 'block') {
    return {
      shrink: (scope, channels) => residual(scope, channels, channels, config, halve(taps)),
      grow: (scope, channels) => residual(scope, channels, channels, config, double(taps)),
    };
  }
  return {
    shrink: (scope, channels) => convolveDown(scope, channels, channels, taps),
    grow: (scope, channels) => convolveUp(scope, channels, channels, taps),
  };
};

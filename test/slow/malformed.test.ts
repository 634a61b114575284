import { it } from 'node:test';
import { withstands } from '../notebooks/kernel/jupyter/malformed.js';

it('a kernel that is sent 100,000 malformed messages runs none and answers on', { timeout: 600_000 }, () =>
  withstands(100_000, 3),
);

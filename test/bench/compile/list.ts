import type { Task } from './tasks.js';

const mnist = {
  kind: 'U-Net',
  network: {
    channels: 1,
    width: 32,
    multipliers: [1, 2],
    blocks: 1,
    attention: [1],
    groups: 8,
    embedding: 64,
    patch: 1,
  },
} as const;
/** Four levels with attention at 16 × 16: the proportions of NCSN++, at about 10 M parameters. */
const deep = {
  kind: 'U-Net',
  network: {
    channels: 3,
    width: 64,
    multipliers: [1, 2, 2, 2],
    blocks: 2,
    attention: [1],
    groups: 8,
    embedding: 256,
    patch: 1,
  },
} as const;

/** What is measured. */
export const tasks: readonly Task[] = [
  { name: 'train', title: 'training step, 64×8×8×1', shape: [64, 8, 8, 1], ...mnist, steps: 1, runs: 25 },
  { name: 'train', title: 'training step, 32×28×28×1', shape: [32, 28, 28, 1], ...mnist, steps: 1, runs: 11 },
  { name: 'train', title: 'training step, 16×32×32×3, deep', shape: [16, 32, 32, 3], ...deep, steps: 1, runs: 10 },
  {
    name: 'sample',
    title: 'predictor–corrector, 64×8×8×1, 20 of 1000 steps',
    shape: [64, 8, 8, 1],
    ...mnist,
    steps: 20,
    runs: 11,
  },
  {
    name: 'sample',
    title: 'predictor–corrector, 32×28×28×1, 5 of 1000 steps',
    shape: [32, 28, 28, 1],
    ...mnist,
    steps: 5,
    runs: 10,
  },
  {
    name: 'likelihood',
    title: 'likelihood, 32×28×28×1, 3 evaluations',
    shape: [32, 28, 28, 1],
    ...mnist,
    steps: 3,
    runs: 10,
  },
];

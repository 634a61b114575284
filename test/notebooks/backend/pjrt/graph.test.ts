/** The tests of compiled functions again, on the CPU as a device beside TensorFlow. */
process.env.ACCELERATOR = 'cpu';
await import('../graph/compile.test.js');
await import('../graph/memory.test.js');
await import('../graph/models.test.js');
await import('../graph/random.test.js');
await import('../graph/resume.test.js');
await import('../graph/sampler.test.js');
await import('../graph/samplers.test.js');

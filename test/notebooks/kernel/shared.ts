import { after, before } from 'node:test';
import { type Client, startKernel } from './client.js';

/** One kernel for a whole suite: a kernel that forgets, hangs or mixes up replies fails whatever comes next. */
export const sharedKernel = () => {
  let client: Client;
  before(async () => {
    client = await startKernel();
  });
  after(() => client.close());
  const run: Client['execute'] = (code, options) => client.execute(code, options);
  return { kernel: () => client, run };
};

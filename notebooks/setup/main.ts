/** Set-up for one make target: `main.ts notebooks|lab|test`. Does what is missing, says it in one line each. */

import { acceleratorNamed } from '../backend/pjrt/choose.js';
import { projectRoot } from '../files/root.js';
import { bindingStage, collectiveStage, pjrtStage } from './binding.js';
import { kernelStage } from './kernelspec.js';
import { hasNvidiaGpu, pythonStage } from './python.js';
import { type Requirement, requirements } from './requirements.js';
import { settle } from './stage.js';

const root = projectRoot();
const target = process.argv[2] ?? 'notebooks';
const slow = 'the notebooks run on WebAssembly instead, some 10 times slower';

/** TensorFlow is left out where another backend is forced: 600 MB for nothing. */
async function tensorflow(): Promise<void> {
  const forced = process.env.BACKEND ?? '';
  if (forced !== '' && forced !== 'tensorflow') return;
  const variant = (await hasNvidiaGpu()) ? 'cuda' : 'tensorflow';
  const wheel = await settle(root, pythonStage(root, [variant], 'tensorflow', slow));
  if (!wheel.ready) return;
  await settle(root, collectiveStage(root));
  if ((await settle(root, bindingStage(root))).ready) await accelerator();
}

/** What compiled functions need to run on a device: the one that is asked for, and in tests the CPU. */
async function accelerator(): Promise<void> {
  const name = acceleratorNamed(process.env.ACCELERATOR ?? '') ?? (target === 'test' ? 'cpu' : undefined);
  if (name === undefined) return;
  const group = Object.keys(requirements).find(known => known === `pjrt-${name}`) as Requirement | undefined;
  const cost = 'compiled functions run on TensorFlow';
  if (group !== undefined) await settle(root, pythonStage(root, [group], group, cost));
  await settle(root, pjrtStage(root));
}

const lab = () => settle(root, pythonStage(root, ['lab'], 'jupyterlab', 'make lab needs it; make notebooks does not'));

await tensorflow();
if (target === 'lab' && !(await lab()).ready) process.exit(1);
if (target === 'test') {
  await settle(root, pythonStage(root, ['algebra'], 'sympy', 'no third system proves the equations'));
  const cost = "the tests against Jupyter's own tools are left out";
  if ((await lab()).ready) await settle(root, pythonStage(root, ['conformance'], 'conformance', cost));
}
await settle(root, kernelStage(root));

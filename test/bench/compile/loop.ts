/** Repeats one compiled task for a profiler: `loop.ts TITLE SECONDS`, with the beginning of a title of list.ts. */
import { startBackend } from '../../../notebooks/backend/index.js';
import { tasks } from './list.js';
import { contestant } from './tasks.js';

const [title = '', seconds = '20'] = process.argv.slice(2);
const task = tasks.find(each => each.title.startsWith(title));
if (!task) throw new Error(`no task "${title}"; there are ${tasks.map(each => each.title).join('; ')}`);
await startBackend('tensorflow');
const { run } = contestant(task, true);
const end = performance.now() + 1000 * Number(seconds);
let runs = 0;
for (; performance.now() < end; runs++) run();
console.log(`${task.title}: ${runs} runs in ${seconds} s, those that traced and compiled among them`);
process.exit(0);

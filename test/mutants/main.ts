/** make mutants: plants every fault of the list, and prints which check caught it. Exit code 1 if one survives. */
import { parseArgs } from 'node:util';
import { faults } from './faults.js';
import { openGarden } from './planted.js';

const { positionals } = parseArgs({ allowPositionals: true });
const wanted = faults.filter(({ notebook }) => positionals.length === 0 || positionals.some(p => notebook.includes(p)));
const garden = openGarden();
const survivors: string[] = [];
try {
  for (const fault of wanted) {
    const began = performance.now();
    const { caught, said } = garden.plant(fault);
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    console.log(`${caught ? '✓' : '✗'} ${fault.notebook}: ${fault.what} (${seconds} s)\n    ${said}`);
    if (!caught) survivors.push(`${fault.notebook}: ${fault.what}`);
  }
} finally {
  garden.remove();
}
console.log(`${wanted.length} faults, ${survivors.length} survived${survivors.map(s => `\n  ${s}`).join('')}`);
if (survivors.length > 0) process.exitCode = 1;

import type { BackendReport } from './types.js';

/** The report as rows of a table: what runs, on what, and why no better backend does. */
export function describeBackend(report: BackendReport): { item: string; value: string }[] {
  const { backend, device, versions, node, processor, cores, memoryGiB, rejected, accelerator } = report;
  return [
    { item: 'Backend', value: backend },
    { item: 'Device', value: device },
    ...Object.entries(versions).map(([item, value]) => ({ item, value })),
    { item: 'Node', value: node },
    { item: 'Processor', value: `${processor}, ${cores} cores, ${memoryGiB} GiB` },
    ...(accelerator
      ? [{ item: accelerator.works ? 'Compiled functions' : `Not ${accelerator.name}`, value: accelerator.said }]
      : []),
    ...rejected.map(({ backend: name, why }) => ({ item: `Not ${name}`, value: why })),
  ];
}

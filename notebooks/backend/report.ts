import type { BackendReport } from './types.js';

/** The report as rows of a table: what runs, on what, and why no better backend does. */
export function describeBackend(report: BackendReport): { item: string; value: string }[] {
  const { backend, device, versions, node, processor, cores, memoryGiB, rejected } = report;
  return [
    { item: 'Backend', value: backend },
    { item: 'Device', value: device },
    ...Object.entries(versions).map(([item, value]) => ({ item, value })),
    { item: 'Node', value: node },
    { item: 'Processor', value: `${processor}, ${cores} cores, ${memoryGiB} GiB` },
    ...rejected.map(({ backend: name, why }) => ({ item: `Not ${name}`, value: why })),
  ];
}

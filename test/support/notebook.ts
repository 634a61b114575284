/** The text of a notebook file with these code cells. */
export const codeNotebook = (sources: readonly string[], executionCount: number | null = null): string => {
  const cells = sources.map((source, i) => ({
    cell_type: 'code',
    id: `c${i}`,
    source,
    metadata: {},
    outputs: [],
    execution_count: executionCount,
  }));
  return JSON.stringify({ cells, metadata: {}, nbformat: 4, nbformat_minor: 5 });
};

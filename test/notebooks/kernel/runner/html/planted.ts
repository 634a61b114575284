import type { Cell, CodeCell, Output } from '../../../../../notebooks/kernel/runner/record/nbformat.js';
import type { NotebookRun } from '../../../../../notebooks/kernel/runner/record/result-types.js';

/** What somebody may plant in an output or a text: each calls `planted` of the page, or asks for the address. */
const CALL = '(top.planted=(top.planted||0)+1)';
const AWAY = 'http://planted.example/';

export const HOSTILE: Readonly<Record<string, string>> = {
  script: `<script>${CALL}</script>`,
  'img onerror': `<img src="x" onerror="${CALL}">`,
  'svg onload': `<svg onload="${CALL}"><circle r="3"/></svg>`,
  'iframe srcdoc': `<iframe srcdoc="<script>parent.parent.planted=1;parent.planted=1</script>"></iframe>`,
  'meta refresh': `<meta http-equiv="refresh" content="0;url=${AWAY}refresh">`,
  'remote image': `<img src="${AWAY}pixel.png"><link rel="stylesheet" href="${AWAY}a.css">`,
  'style over all': '<style>body{display:none}*{position:fixed;inset:0}</style>',
  base: `<base href="${AWAY}"><a href="javascript:${CALL}">here</a>`,
  'end of frame': `"></iframe><script>${CALL}</script>`,
  'end of page': `</section></article></main></body></html><script>${CALL}</script>`,
};

/** Without malice: what is left open swallows all that follows. */
export const UNFINISHED = [
  '<!-- unfinished',
  '<textarea>',
  '<script>',
  '<style>',
  '<title>',
  '<div title="',
  '<table>',
];

export const MARKDOWN = [
  ...Object.values(HOSTILE),
  ...UNFINISHED,
  `[here](javascript:${CALL}) ![pixel](${AWAY}markdown.png)`,
  `$\\href{javascript:${CALL}}{x}$`,
  '[broken](%E0%A4%A.ipynb) ![broken](attachment:%E0)',
];

const html = (text: string): Output => ({ output_type: 'display_data', data: { 'text/html': text }, metadata: {} });

const others: readonly Output[] = [
  { output_type: 'stream', name: 'stdout', text: `<script>${CALL}</script><!-- ` },
  { output_type: 'error', ename: `<script>${CALL}</script>`, evalue: '<textarea>', traceback: [] },
  ...[
    { 'image/png': `"onerror="${CALL}` },
    { 'image/svg+xml': `<svg xmlns="http://www.w3.org/2000/svg" onload="${CALL}"/>` },
    { 'text/markdown': HOSTILE.script! + HOSTILE['img onerror']! },
    { 'text/latex': `\\href{javascript:${CALL}}{x}` },
    { 'text/plain': HOSTILE['img onerror']! },
    { [HOSTILE.script!]: '' },
    { 'application/vnd.plotly.v1+json': { data: [{ name: `</script>${HOSTILE.script}` }], layout: {} } },
  ].map((data): Output => ({ output_type: 'display_data', data, metadata: {} })),
];

const outputs = [...Object.values(HOSTILE), ...UNFINISHED].map(html).concat(others);

const code = (id: string, outputs: readonly Output[], source = ''): CodeCell => ({
  cell_type: 'code',
  id,
  metadata: {},
  outputs,
  source: `${source}// ${id} </code><script>${CALL}</script>`,
});

const cells: readonly Cell[] = [
  ...MARKDOWN.map((source, i): Cell => ({ cell_type: 'markdown', id: `m${i}`, source, metadata: {} })),
  ...outputs.map((output, i) => code(`c${i}`, [output])),
  code('failing', [{ output_type: 'error', ename: 'Error', evalue: 'no', traceback: ['Error: no'] }], 'fail();'),
];

/** A notebook full of it, whose last cell fails. */
export const plantedRun: NotebookRun = {
  file: 'notebooks/01-planted.ipynb',
  notebook: { metadata: {}, cells },
  cells: cells.flatMap(({ cell_type, id }, index) => {
    if (cell_type !== 'code') return [];
    const failing = { status: 'failed', reason: `Error: ${HOSTILE.script}`, line: 1 } as const;
    return [{ index, milliseconds: 1, ...(id === 'failing' ? failing : { status: 'ok' as const }) }];
  }),
  status: 'failed',
  started: new Date(0),
  milliseconds: 1,
  provenance: { kernel: 'fake 1', backend: HOSTILE.script! },
};

import { bytes, cellNumber, duration, nameOf, parametersOf } from '../record/describe.js';
import { before, type EarlierRun, regressions } from '../record/earlier.js';
import type { Environment } from '../record/environment.js';
import type { NotebookRun } from '../record/result-types.js';
import { placedResults } from '../record/results.js';
import { checkTable } from './checks.js';
import { escapeHtml, scriptJson } from './escape.js';
import type { NotebookHtml } from './notebook.js';
import { contentPolicy } from './policy.js';
import { regressionList, slowestCells, sparkline } from './timing.js';

export interface PageParts {
  readonly runs: readonly NotebookRun[];
  readonly notebooks: readonly NotebookHtml[];
  readonly environment: Environment;
  readonly earlier: readonly EarlierRun[];
  readonly css: string;
  readonly script: string;
  /** What the script draws: formulas, and what figures are made of. */
  readonly store: string;
  /** The pattern by which the script colours code. */
  readonly tokens: string;
  /** plotly.js, gzip in base64; empty where no figure needs it. */
  readonly plotly: string;
}

const WORDS = {
  ok: 'passed',
  budget: 'over budget',
  mismatch: 'mismatch',
  failed: 'failed',
  timeout: 'time limit',
  broken: 'broken',
} as const;

const row = (run: NotebookRun, { id, title }: NotebookHtml, spark: string): string => {
  const slowest = [...run.cells].sort((a, b) => b.milliseconds - a.milliseconds)[0];
  const { backend = '–', peakMemory, cpuSeconds } = run.provenance;
  const given = parametersOf(run);
  const cells = [
    `<a href="#${id}">${title}</a>${given && `, ${escapeHtml(given)}`}`,
    `<span class="status ${run.status}">${WORDS[run.status]}</span>`,
    String(run.cells.length),
    `${duration(run.milliseconds)}${run.reused ? ', earlier' : ''} ${spark}`,
    slowest
      ? `<a href="#${id}-cell-${cellNumber(slowest)}">cell ${cellNumber(slowest)}</a>, ${duration(slowest.milliseconds)}`
      : '–',
    cpuSeconds ? duration(1000 * cpuSeconds) : '–',
    peakMemory ? bytes(peakMemory) : '–',
    escapeHtml(backend),
  ];
  return `<tr>${cells.map(cell => `<td>${cell}</td>`).join('')}</tr>`;
};

const table = ({ runs, notebooks, earlier, environment }: PageParts): string => {
  const failed = (i: number) => Number(runs[i]!.status === 'ok');
  const order = [...runs.keys()].sort((a, b) => failed(a) - failed(b) || a - b);
  const names = ['notebook', 'result', 'cells', 'time', 'slowest', 'CPU time', 'peak memory', 'backend'];
  const head = names.map(name => `<th>${name}</th>`).join('');
  return `<div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${order.map(i => row(runs[i]!, notebooks[i]!, sparkline(runs[i]!, earlier, environment))).join('\n')}</tbody></table></div>`;
};

const shown = (value: number | undefined): string => (value === undefined ? '–' : String(Number(value.toPrecision(6))));

/** The named results of all notebooks, where there are any. */
const results = (runs: readonly NotebookRun[], notebooks: readonly NotebookHtml[]): string => {
  const placed = runs.flatMap(({ notebook }, i) =>
    placedResults(notebook).map(each => ({ ...each, id: notebooks[i]!.id })),
  );
  const rows = [...placed.filter(each => !each.agrees), ...placed.filter(each => each.agrees)].map(
    ({ name, value, expected, tolerance, unit = '', index, agrees, id }) => {
      const mark = `<span class="status ${agrees ? 'ok' : 'mismatch'}">${agrees ? '✓' : '✗'}</span>`;
      const place = `<a href="#${id}-cell-${cellNumber({ index })}">${escapeHtml(name)}</a>`;
      const cells = [mark, place, `${shown(value)} ${escapeHtml(unit)}`, shown(expected), shown(tolerance)];
      return `<tr>${cells.map(cell => `<td>${cell}</td>`).join('')}</tr>`;
    },
  );
  if (rows.length === 0) return '';
  const head = ['', 'result', 'value', 'expected', '±'].map(name => `<th>${name}</th>`).join('');
  return `<details open><summary>${rows.length} results</summary><div class="wide"><table><thead><tr>${head}</tr></thead><tbody>${rows.join('\n')}</tbody></table></div></details>`;
};

const list = (record: Readonly<Record<string, string>>): string =>
  Object.entries(record)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');

const provenance = (
  { date, commit, dirty, lock, versions, machine, threads, variables }: Environment,
  runs: readonly NotebookRun[],
): string => {
  const kernels = [...new Set(runs.map(run => run.provenance.kernel))].join(', ');
  const native = runs.flatMap(({ provenance: { tensorflow, device } }) =>
    tensorflow ? [`${tensorflow} on ${device}`] : [],
  );
  const tensorflow = [...new Set(native)].join(', ');
  const facts: readonly (readonly [string, string])[] = [
    ['run', date.replace('T', ' ').replace(/\.\d+Z$/, ' UTC')],
    ['commit', commit ? `${commit.slice(0, 12)}${dirty ? ', with uncommitted changes' : ''}` : 'not in git'],
    ['lock file', lock?.slice(0, 12) ?? 'none'],
    ['environment', list(variables) || 'as it is'],
    ['kernel', kernels],
    ['versions', list(versions)],
    ['machine', machine],
    ['threads', threads],
    ['TensorFlow', tensorflow || 'not native'],
  ];
  return `<dl>${facts.map(([name, value]) => `<dt>${name}</dt><dd>${escapeHtml(value)}</dd>`).join('')}</dl>`;
};

const contents = (notebooks: readonly NotebookHtml[], runs: readonly NotebookRun[]): string =>
  notebooks
    .map(({ id, title, headings }, i) => {
      const inner = headings
        .filter(heading => heading.level === 2 || heading.level === 3)
        .map(({ level, id: at, html }) => `<li class="h${level}"><a href="#${at}">${html}</a></li>`);
      const mark = `<span class="dot ${runs[i]!.status}"></span>`;
      const given = parametersOf(runs[i]!);
      return `<li><a class="notebook" href="#${id}">${mark}${title}${given && `, ${escapeHtml(given)}`}</a><ul>${inner.join('')}</ul></li>`;
    })
    .join('\n');

/** How it went, with a way to the first cell of each notebook that did not do what it should. */
const heading = (runs: readonly NotebookRun[], notebooks: readonly NotebookHtml[]): string => {
  const count = `${runs.length} notebook${runs.length === 1 ? '' : 's'}`;
  const bad = runs.flatMap((run, i) => {
    const cell = run.cells.find(each => each.status !== 'ok');
    const place = `${notebooks[i]!.id}${cell ? `-cell-${cellNumber(cell)}` : ''}`;
    return run.status === 'ok' ? [] : [`<a href="#${place}">${escapeHtml(nameOf(run.file))}</a>`];
  });
  if (bad.length > 0) return `${bad.length} of ${count} did not pass: ${bad.join(', ')}`;
  return `${count}, all passed, ${duration(runs.reduce((sum, run) => sum + run.milliseconds, 0))}`;
};

/** The whole report: one file that needs nothing else, and reads well without scripts. */
export const pageHtml = (parts: PageParts): string => {
  const { runs, notebooks, environment, earlier, css, script, store, tokens, plotly } = parts;
  const worse = runs.flatMap(run => regressions(run, before(run, earlier, environment)));
  const active = `\n${script}\n`;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${contentPolicy(active)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Notebook report</title>
<style>
${css}
</style>
</head>
<body>
<a class="skip" href="#main">to the report</a>
<nav aria-label="Contents">
<input type="search" id="search" placeholder="search (/)" aria-label="Search cells" hidden><p id="found" role="status"></p>
<label class="toggle"><input type="checkbox" id="hide-code"> hide code</label>
<label class="toggle"><input type="checkbox" id="other-colours"> other colours</label>
<ol>
${contents(notebooks, runs)}
</ol></nav>
<main id="main">
<header>
<h1>Notebook report</h1>
<p class="lead">${heading(runs, notebooks)}</p>
${regressionList(worse)}
${table(parts)}
${provenance(environment, runs)}
${checkTable(runs, notebooks)}
${results(runs, notebooks)}
${slowestCells(runs, notebooks)}
</header>
${notebooks.map(({ html }) => html).join('\n')}
</main>
<script type="application/json" id="tokens">${scriptJson(tokens)}</script>
<script type="text/plain" id="store-gzip">${store}</script>
${plotly && `<script type="text/plain" id="plotly-gzip">${plotly}</script>\n`}<script>${active}</script>
</body>
</html>
`;
};

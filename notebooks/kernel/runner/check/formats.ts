import { pathToFileURL } from 'node:url';
import { escapeProperty, escapeValue, fileLine } from '../record/annotations.js';
import { nameOf } from '../record/describe.js';
import type { CheckedNotebook, Problem } from './check-notebooks.js';
import { RULES, WARNING } from './problem.js';

export type Format = 'text' | 'json' | 'sarif' | 'github';

type Writer = (notebooks: readonly CheckedNotebook[]) => string;

export const levelOf = ({ rule }: Problem): 'error' | 'warning' => (rule === WARNING ? 'warning' : 'error');

const lineIn = ({ json }: CheckedNotebook, { at }: Problem): number =>
  (at && fileLine(json, at.cell - 1, at.line)) || 1;

const told = (file: string, problem: Problem): string => {
  const { rule, message, at } = problem;
  const place = at ? `${file}, cell ${at.cell}, line ${at.line}:${at.column}` : file;
  return `${place}: ${levelOf(problem)} ${rule}: ${message.replaceAll('\n', '\n    ')}\n`;
};

const text: Writer = notebooks => {
  const all = notebooks.flatMap(({ file, problems }) => problems.map(problem => told(file, problem)));
  if (all.length > 0) return all.join('');
  return `${notebooks.length} notebook${notebooks.length > 1 ? 's' : ''}: nothing to tell\n`;
};

const json: Writer = notebooks => {
  const all = notebooks.flatMap(({ file, problems }) =>
    problems.map(problem => {
      const { rule, message, at } = problem;
      return { file, ...at, level: levelOf(problem), rule, message };
    }),
  );
  return `${JSON.stringify(all, null, 2)}\n`;
};

/** https://docs.oasis-open.org/sarif/sarif/v2.1.0: lines are those of the notebook's file. */
const sarif: Writer = notebooks => {
  const rules = Object.entries(RULES).map(([id, text]) => ({ id, shortDescription: { text } }));
  const results = notebooks.flatMap(notebook =>
    notebook.problems.map(problem => ({
      ruleId: problem.rule,
      level: levelOf(problem),
      message: { text: problem.message },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: uriOf(notebook.file) },
            region: { startLine: lineIn(notebook, problem) },
          },
          ...(problem.at && { logicalLocations: [{ name: `cell ${problem.at.cell}, line ${problem.at.line}` }] }),
        },
      ],
    })),
  );
  const driver = { name: 'tsnb check', rules };
  const log = {
    $schema: SCHEMA,
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results }],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
};

const SCHEMA = 'https://json.schemastore.org/sarif-2.1.0.json';

/** Relative as it was given, so that it means a file of the repository. */
const uriOf = (file: string): string =>
  file.startsWith('/') ? pathToFileURL(file).href : file.split(/[\\/]/).map(encodeURIComponent).join('/');

const github: Writer = notebooks =>
  notebooks
    .flatMap(notebook =>
      notebook.problems.map(problem => {
        const { file } = notebook;
        const cell = problem.at ? `, cell ${problem.at.cell}` : '';
        const title = escapeProperty(`${nameOf(file)}${cell}: ${problem.rule}`);
        const place = `file=${escapeProperty(file)},line=${lineIn(notebook, problem)}`;
        return `::${levelOf(problem)} ${place},title=${title}::${escapeValue(problem.message)}\n`;
      }),
    )
    .join('');

export const FORMATS: Readonly<Record<Format, Writer>> = { text, json, sarif, github };

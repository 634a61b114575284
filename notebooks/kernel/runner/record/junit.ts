import { stripVTControlCharacters } from 'node:util';
import { cellNumber, failure } from './describe.js';
import { type Cell, type CodeCell, isCode, isSkipped } from './nbformat.js';
import type { NotebookRun } from './result-types.js';

/** Characters that XML cannot hold are dropped: a kernel's output may have them. */
const escapeXml = (text: string): string =>
  stripVTControlCharacters(text)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what XML 1.0 forbids
    .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;');

/** A cell's first words: its comment or its code. */
const label = (cell: CodeCell): string =>
  cell.source
    .split('\n')
    .find(line => line.trim() !== '')
    ?.replace(/^\s*\/\/\s*/, '')
    .slice(0, 80) ?? '';

const hasCode = (cell: Cell): cell is CodeCell => isCode(cell) && cell.source.trim() !== '';

const testcase = (run: NotebookRun, cell: CodeCell, index: number): string => {
  const ran = run.cells.find(each => each.index === index);
  const seconds = ((ran?.milliseconds ?? 0) / 1000).toFixed(3);
  const name = `cell ${cellNumber({ index })}: ${label(cell)}`;
  const open = `    <testcase classname="${escapeXml(run.file)}" name="${escapeXml(name)}" time="${seconds}"`;
  const why = isSkipped(cell) ? 'the tag skip-execution' : 'not reached';
  if (ran === undefined) return `${open}><skipped message="${why}"/></testcase>`;
  if (ran.status === 'ok') return `${open}/>`;
  const tag = ['failed', 'mismatch', 'budget'].includes(ran.status) ? 'failure' : 'error';
  const body = escapeXml(failure(run, ran));
  return `${open}><${tag} type="${ran.status}" message="${escapeXml(ran.reason ?? '')}">${body}</${tag}></testcase>`;
};

const suite = (run: NotebookRun): string => {
  const cells = run.notebook.cells.flatMap((cell, index) => (hasCode(cell) ? [{ cell, index }] : []));
  const count = (...statuses: string[]) => run.cells.filter(cell => statuses.includes(cell.status)).length;
  const whole = run.reason
    ? [
        `    <testcase classname="${escapeXml(run.file)}" name="notebook"><error message="${escapeXml(run.reason)}"/></testcase>`,
      ]
    : [];
  const attributes = [
    `name="${escapeXml(run.file)}"`,
    `tests="${cells.length + whole.length}"`,
    `failures="${count('failed', 'mismatch', 'budget')}"`,
    `errors="${count('timeout', 'broken') + whole.length}"`,
    `skipped="${cells.length - run.cells.length}"`,
    `time="${(run.milliseconds / 1000).toFixed(3)}"`,
    `timestamp="${run.started.toISOString()}"`,
  ];
  const cases = [...whole, ...cells.map(({ cell, index }) => testcase(run, cell, index))];
  return [`  <testsuite ${attributes.join(' ')}>`, ...cases, '  </testsuite>'].join('\n');
};

/** JUnit XML: a suite for each notebook, a case for each code cell. */
export const junit = (runs: readonly NotebookRun[]): string =>
  ['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites>', ...runs.map(suite), '</testsuites>', ''].join('\n');

import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { writeAtomic } from '../files/atomic.js';

/** One line of the log: where the run stood, and whatever else is told. */
export interface LogLine {
  readonly step: number;
  readonly [name: string]: number | string;
}

/** A run's log, one JSON record a line (JSONL), which other programs can follow while it grows. */
export interface TrainingLog {
  /** The lines so far, those of earlier parts of the run included. */
  readonly lines: readonly LogLine[];
  append(line: LogLine): void;
}

const parse = (text: string, path: string): LogLine[] =>
  text
    .split('\n')
    .filter(line => line !== '')
    .flatMap((line, i, all) => {
      try {
        return [JSON.parse(line) as LogLine];
      } catch {
        if (i === all.length - 1) return []; // the process was ended while it wrote
        throw new Error(`${path}, line ${i + 1} is not JSON: ${line.slice(0, 60)}; remove the file to start afresh`);
      }
    });

/**
 * Opens the log of a run that stands at `step`: what an earlier part wrote after its last checkpoint will be done again,
 * and goes.
 */
export function openTrainingLog(path: string, step = 0): TrainingLog {
  const found = existsSync(path) ? parse(readFileSync(path, 'utf8'), path) : [];
  const lines = found.filter(line => line.step <= step);
  writeAtomic(path, lines.map(line => `${JSON.stringify(line)}\n`).join(''));
  return {
    lines,
    append(line) {
      lines.push(line);
      appendFileSync(path, `${JSON.stringify(line)}\n`);
    },
  };
}

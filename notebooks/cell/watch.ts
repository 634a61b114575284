import type { Report } from '../../lib/train/training.js';
import { type Figure, lines, replaceable, show, subplots } from '../figure/index.js';
import { clock } from './progress.js';

export interface WatchOptions {
  /** At most one picture in so many milliseconds, and less often where drawing takes long. Default: 2000. */
  readonly every?: number;
  /** Replaces the picture; by default the notebook's, where it can, or else a line of text. */
  readonly draw?: Draw;
  /** Milliseconds; for tests. */
  readonly now?: () => number;
}

/** Shows how the training stands; `last` is the final time. */
export type Draw = (state: { readonly reports: readonly Report[]; readonly last: boolean }) => Promise<void>;

/** Drawing takes at most a tenth of the time. */
const SHARE = 9;
/** Points of a curve: more are not seen. */
const POINTS = 400;

/**
 * Hands on the reports of a training, and draws loss, gradient norm and learning rate in their place while it runs; the
 * last picture stays. Where outputs cannot be replaced it prints a line now and then, and the picture at the end.
 *
 *   for await (const report of watch(training(run, draw, { steps: 1000 }))) …
 */
export async function* watch(
  reports: Iterable<Report>,
  { every = 2000, draw = drawIn(), now = () => performance.now() }: WatchOptions = {},
): AsyncGenerator<Report> {
  const seen: Report[] = [];
  let due = now() + every;
  try {
    for (const report of reports) {
      seen.push(report);
      const began = now();
      if (began >= due) {
        await draw({ reports: seen, last: false });
        due = now() + Math.max(every, SHARE * (now() - began));
      }
      yield report;
    }
  } finally {
    if (seen.length > 0) await draw({ reports: seen, last: true });
  }
}

const drawIn = (): Draw => {
  const replace = replaceable();
  return async ({ reports, last }) => {
    if (replace) return replace(picture(reports, last));
    console.log(line(reports, last));
    if (last) await show(picture(reports, last));
  };
};

/** How it stands, in words. At the end without the pace, so that a run that is repeated says the same. */
const line = (reports: readonly Report[], last: boolean): string => {
  const { step, steps, loss, gradientNorm, secondsLeft, perSecond } = reports.at(-1)!;
  const figures = `loss ${loss.toPrecision(4)}, gradient ${gradientNorm.toPrecision(3)}`;
  const pace = last ? '' : `, ${clock(secondsLeft)} left, ${Math.round(perSecond)}/s`;
  return `step ${step} of ${steps}: ${figures}${pace}`;
};

const picture = (reports: readonly Report[], last: boolean): Figure => {
  const stride = Math.ceil(reports.length / POINTS);
  const shown = reports.filter((_, i) => (reports.length - 1 - i) % stride === 0);
  const steps = shown.map(({ step }) => step);
  const panel = (name: string, of: (report: Report) => number, log: boolean) =>
    lines(steps, [{ name, y: shown.map(of), style: { mode: shown.length > 1 ? 'lines' : 'markers' } }], {
      title: name,
      showlegend: false,
      xaxis: { title: 'step', range: [0, reports.at(-1)!.steps] },
      ...(log && { yaxis: { type: 'log' } }),
    });
  const panels = [
    panel(
      'loss',
      ({ loss }) => loss,
      shown.every(({ loss }) => loss > 0),
    ),
    panel('gradient norm', ({ gradientNorm }) => gradientNorm, true),
    panel('learning rate', ({ learningRate }) => learningRate, false),
  ];
  return subplots(panels, 3, { title: line(reports, last) }, { panel: [220, 150], digits: 4 });
};

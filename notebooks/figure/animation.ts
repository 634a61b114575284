import { figure } from './figure.js';
import type { Figure, FigureOptions, Frame, Layout, Trace } from './types.js';

/** One moment of an animation: a label for the slider and the traces as they then are. */
export interface Moment {
  readonly label: string;
  readonly data: readonly Trace[];
}

const step = (label: string) => ({
  label,
  method: 'animate',
  args: [[label], { mode: 'immediate', frame: { duration: 0, redraw: true }, transition: { duration: 0 } }],
});

const controls = (moments: readonly Moment[], milliseconds: number, prefix: string) => ({
  sliders: [
    {
      active: 0,
      x: 0.1,
      len: 0.9,
      pad: { t: 36 },
      currentvalue: { prefix, xanchor: 'right' },
      steps: moments.map(({ label }) => step(label)),
    },
  ],
  updatemenus: [
    {
      type: 'buttons',
      showactive: false,
      x: 0,
      xanchor: 'left',
      y: 0,
      yanchor: 'top',
      pad: { t: 46 },
      buttons: [
        {
          label: '▶',
          method: 'animate',
          args: [
            null,
            { fromcurrent: true, frame: { duration: milliseconds, redraw: true }, transition: { duration: 0 } },
          ],
        },
      ],
    },
  ],
});

/**
 * A sequence of pictures with a slider and a play button; the PNG shows the first. Fix the axes' ranges in the
 * layout, or they follow the first moment. Labels are unique. @throws Error without moments.
 */
export const animation = (
  moments: readonly Moment[],
  layout: Layout = {},
  { milliseconds = 80, prefix = '', ...options }: FigureOptions & { milliseconds?: number; prefix?: string } = {},
): Figure => {
  const [first] = moments;
  if (first === undefined) throw new Error('an animation of no moments: give at least one');
  const frames = moments.map(({ label, data }): Frame => ({ name: label, data }));
  return figure(first.data, { ...controls(moments, milliseconds, prefix), ...layout }, { ...options, frames });
};

export { animation } from './animation.js';
export { figure } from './figure.js';
export { type ImageGridOptions, type Images, imageGrid } from './images.js';
export * from './plots.js';
export { replaceable, save, show } from './show.js';
export { type Panel, type SubplotOptions, subplots } from './subplots.js';
export { diverging, ink, muted, palette, sequential } from './template.js';
export type { Layout, Mark, MimeBundle, Series, Trace } from './types.js';
export { type Axis, DISPLAY, type Figure, type FigureOptions, type FigureSpec, type Frame } from './types.js';

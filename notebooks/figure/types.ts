/** One-dimensional data: plain or typed arrays; strings make categories. */
export type Series = ArrayLike<number> | readonly string[];

/** The members of a Plotly trace that this project uses; whatever else Plotly knows passes through. */
export interface Trace {
  readonly type?: string;
  readonly name?: string;
  readonly mode?: string;
  readonly x?: Series;
  readonly y?: Series;
  readonly z?: readonly ArrayLike<number>[];
  readonly xaxis?: string;
  readonly yaxis?: string;
  readonly legendgroup?: string;
  readonly showlegend?: boolean;
  readonly [attribute: string]: unknown;
}

/** One axis of a Plotly layout. */
export interface Axis {
  readonly title?: string | { readonly text?: string };
  readonly type?: 'linear' | 'log' | 'date' | 'category';
  readonly range?: readonly [number, number];
  readonly domain?: readonly [number, number];
  readonly [attribute: string]: unknown;
}

/** A shape or an annotation: both are placed by references to axes. */
export interface Mark {
  readonly xref?: string;
  readonly yref?: string;
  readonly [attribute: string]: unknown;
}

/** The members of a Plotly layout that this project uses; whatever else Plotly knows passes through. */
export interface Layout {
  readonly title?: string | { readonly text?: string };
  readonly width?: number;
  readonly height?: number;
  readonly xaxis?: Axis;
  readonly yaxis?: Axis;
  readonly shapes?: readonly Mark[];
  readonly annotations?: readonly Mark[];
  readonly [attribute: string]: unknown;
}

/** One picture of an animation: data replaces the traces' members one by one. */
export interface Frame {
  readonly name?: string;
  readonly data?: readonly Trace[];
  readonly layout?: Layout;
}

/** What Plotly draws, in Plotly's own JSON form. */
export interface FigureSpec {
  readonly data: readonly Trace[];
  readonly layout: Layout;
  readonly frames?: readonly Frame[];
}

/** Representations by MIME type; Jupyter frontends show the richest one they know. */
export type MimeBundle = Readonly<Record<string, unknown>>;

/** Frontends look here for the size in CSS pixels, which keeps a high-resolution PNG at its intended size. */
export type MimeMetadata = Readonly<Record<string, unknown>>;

/** The symbol under which a value offers its MIME bundle (Deno's Jupyter convention). */
export const DISPLAY: unique symbol = Symbol.for('Jupyter.display');

/** A figure: one specification, drawn interactively by frontends and as a PNG by Node. */
export interface Figure extends FigureSpec {
  /** SVG text, drawn without a browser. */
  svg(): Promise<string>;
  /** PNG bytes, at `scale` device pixels per CSS pixel. */
  png(): Promise<Uint8Array>;
  /** Metadata that belongs beside the bundle. */
  readonly metadata: MimeMetadata;
  [DISPLAY](): Promise<MimeBundle>;
}

export interface FigureOptions {
  /** Frames of an animation; the static picture shows the first. */
  readonly frames?: readonly Frame[];
  /** Device pixels per CSS pixel in the PNG that `save` writes; default 2. The PNG in the notebook has one. */
  readonly scale?: number;
  /** Significant digits of coordinates in the notebook; default 5 (more where the values' spread needs them). */
  readonly digits?: number;
}

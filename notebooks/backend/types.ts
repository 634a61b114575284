/** The backends that a Node process can compute on, best first. */
export const backendNames = ['tensorflow', 'webgpu', 'wasm', 'cpu'] as const;
export type BackendName = (typeof backendNames)[number];

/** What a backend says of itself once it runs. */
export interface BackendDetails {
  /** "CPU", or the name of the GPU. */
  readonly device: string;
  /** Versions and settings worth quoting beside a figure, such as TensorFlow and CUDA. */
  readonly versions: Readonly<Record<string, string>>;
}

/** A backend that can be tried: `start` makes it the active one or throws with one line that says why not. */
export interface Candidate {
  readonly name: BackendName;
  readonly start: () => Promise<BackendDetails>;
}

/** A backend that was tried or passed over, and why it was not taken. */
export interface Rejection {
  readonly backend: BackendName;
  readonly why: string;
}

/** Where compiled functions run beside the backend, or why they do not where that was asked for. */
export interface AcceleratorNote {
  readonly name: string;
  readonly said: string;
  readonly works: boolean;
}

/** Which backend runs, on what, and why no better one does. */
export interface BackendReport extends BackendDetails {
  readonly backend: BackendName;
  readonly node: string;
  readonly processor: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly rejected: readonly Rejection[];
  /** Only where ACCELERATOR asked for one. */
  readonly accelerator?: AcceleratorNote;
}

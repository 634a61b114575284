/** What is installed into the project's own .venv, by what needs it. Versions are exact: a run is repeatable. */
export const requirements = {
  /** libtensorflow and its headers, for the native backend. */
  tensorflow: ['tensorflow==2.21.0'],
  /** The same with NVIDIA's libraries, where a GPU answers. */
  cuda: ['tensorflow[and-cuda]==2.21.0'],
  /** `make lab`; plotly brings the JupyterLab extension that draws interactive figures offline. */
  lab: ['jupyterlab==4.6.6', 'plotly==7.1.0'],
  /** A third computer algebra system: `make test` has it prove what two have proved in the notebooks. */
  algebra: ['sympy==1.14.0'],
  /** The tools that `make test` tries the kernel with. */
  conformance: ['jupyter_kernel_test==0.7.0', 'nbmake==1.5.5', 'nbval==0.11.0', 'papermill==2.7.0', 'pytest==9.2.0'],
} as const;

export type Requirement = keyof typeof requirements;

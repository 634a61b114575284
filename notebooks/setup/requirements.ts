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
  /** Plugins of PJRT, one for each kind of device, where ACCELERATOR asks for it; that for a CPU is 63 MB. */
  'pjrt-cpu': ['xla-cpu-pjrt==0.0.1'],
  'pjrt-cuda13': ['jax-cuda13-plugin[with-cuda]==0.10.2', 'jax-cuda13-pjrt==0.10.2'],
  'pjrt-cuda12': ['jax-cuda12-plugin[with-cuda]==0.10.2', 'jax-cuda12-pjrt==0.10.2'],
  'pjrt-rocm': ['jax-rocm7-pjrt==0.12.0'],
  'pjrt-oneapi': ['jax-oneapi-pjrt==0.11.2'],
  'pjrt-tpu': ['libtpu==0.0.52'],
} as const;

export type Requirement = keyof typeof requirements;

const EVERY_MS = 1000;

/**
 * Calls back when the process that started the kernel is gone without a shutdown_request: nobody will send one any
 * more. Jupyter and the runner say by JPY_PARENT_PID that they want this; a kernel that was started by hand may
 * outlive its shell.
 */
export const onOrphaned = (env: NodeJS.ProcessEnv, then: () => void): void => {
  if (!env.JPY_PARENT_PID) return;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    then();
  }, EVERY_MS);
  timer.unref();
};

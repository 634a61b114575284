/** Opens JupyterLab on the notebooks. Arguments go on to it; settings and workspaces stay in .cache. */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeAtomic } from '../files/atomic.js';
import { projectRoot } from '../files/root.js';
import { venvPython } from './python.js';

const root = projectRoot();
const cache = join(root, '.cache', 'jupyter');

const environment = {
  ...process.env,
  JUPYTER_CONFIG_DIR: join(cache, 'config'),
  JUPYTER_DATA_DIR: join(cache, 'data'),
  JUPYTER_RUNTIME_DIR: join(cache, 'runtime'),
  IPYTHONDIR: join(cache, 'ipython'),
  // Its search for language servers asks npm a question, for which npm makes its folder.
  npm_config_cache: process.env.npm_config_cache ?? join(cache, 'npm'),
};

/** JupyterLab asks once whether to fetch news and looks for updates: neither belongs in a project's own lab. */
const notifications = join(
  cache,
  'config/lab/user-settings/@jupyterlab/apputils-extension/notification.jupyterlab-settings',
);
if (!existsSync(notifications)) {
  writeAtomic(notifications, JSON.stringify({ fetchNews: 'false', checkForUpdates: false }));
}

/** JupyterLab runs a script of its own by Node, and means CommonJS: this project's package.json would say otherwise. */
const scripts = join(root, '.venv', 'package.json');
if (!existsSync(scripts)) writeAtomic(scripts, '{ "type": "commonjs" }\n');

/** Jupyter refuses to serve as root unless it is told to, and a container is often root. */
const asRoot = process.getuid?.() === 0 ? ['--allow-root'] : [];

const lab = spawn(
  venvPython(root),
  [
    '-m',
    'jupyterlab',
    '--ServerApp.ip=127.0.0.1',
    `--ServerApp.root_dir=${root}`,
    '--LabApp.default_url=/lab/tree/notebooks/01-tour.ipynb',
    ...asRoot,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: 'inherit', env: environment },
);

/** Ctrl-C reaches JupyterLab through the terminal; a signal sent to this process alone is handed on. */
for (const signal of ['SIGTERM', 'SIGHUP'] as const) process.on(signal, () => lab.kill(signal));
process.on('SIGINT', () => undefined);
lab.on('exit', code => process.exit(code ?? 1));

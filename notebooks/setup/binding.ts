import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { $ } from 'zx';
import { addonPath } from '../backend/pjrt/addon.js';
import { packageFile } from '../files/root.js';
import { venvPython } from './python.js';
import type { Stage } from './stage.js';

const quiet = $({ quiet: true, nothrow: true });
const packageFolder = (name: string): string => dirname(packageFile(`${name}/package.json`));

async function findCompiler(): Promise<string> {
  for (const name of [process.env.CXX, 'g++', 'clang++', 'c++'].filter(n => n !== undefined && n !== '')) {
    if ((await quiet`${name} --version`).exitCode === 0) return name as string;
  }
  throw new Error('no C++ compiler found (on Debian: apt install g++)');
}

async function compile(command: readonly string[], output: string): Promise<void> {
  mkdirSync(dirname(output), { recursive: true });
  const temporary = `${output}.${process.pid}.tmp`;
  const done = await quiet`${[...command, '-o', temporary]}`;
  if (done.exitCode !== 0)
    throw new Error(
      `${command[0]} failed: ${done.stderr.split('\n').find(l => l.includes('error')) ?? done.stderr.slice(0, 300)}`,
    );
  renameSync(temporary, output);
}

/** macOS leaves Node's own symbols to be found when the add-on loads. */
const platformFlags = process.platform === 'darwin' ? ['-undefined', 'dynamic_lookup'] : [];
const common = (): string[] => [
  '-O3',
  '-fno-math-errno',
  '-fno-trapping-math',
  '-shared',
  '-fPIC',
  '-std=c++17',
  '-DNAPI_VERSION=8',
  ...platformFlags,
  '-I',
  join(packageFolder('node-api-headers'), 'include'),
];

async function tensorflowFolder(root: string): Promise<string> {
  const found =
    await quiet`${venvPython(root)} -c ${'import importlib.util as u; print(u.find_spec("tensorflow").submodule_search_locations[0])'}`;
  if (found.exitCode !== 0) throw new Error('TensorFlow is not in .venv');
  return found.stdout.trim();
}

const libraries = (folder: string): string[] => {
  const names =
    process.platform === 'darwin'
      ? ['libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib']
      : ['libtensorflow_cc.so.2', 'libtensorflow_framework.so.2'];
  const paths = names.map(name => join(folder, name));
  const missing = paths.find(path => !existsSync(path));
  if (missing !== undefined) throw new Error(`the TensorFlow wheel has no ${missing.slice(folder.length + 1)}`);
  return paths;
};

/** Where tfjs-node looks for its add-on. */
export const bindingPath = (): string =>
  join(packageFolder('@tensorflow/tfjs-node-gpu'), 'lib', 'napi-v8', 'tfjs_binding.node');
export const stderrPath = (root: string): string => join(root, '.build', 'stderr.node');
export const collectivePath = (root: string): string => join(root, '.build', 'collective.node');

/** Adds functions to the binding, whose main file it includes. */
const nativeFolder = (root: string): string => join(root, 'notebooks', 'backend', 'graph', 'native');
const filesOf = (folder: string): string[] =>
  readdirSync(folder)
    .sort()
    .map(name => join(folder, name));
const nativeFiles = (root: string): string[] => filesOf(nativeFolder(root));
const collectiveFolder = (root: string): string => join(root, 'notebooks', 'backend', 'cluster', 'native');
/** What all add-ons take from JavaScript. */
const jsHeader = (root: string): string => join(root, 'notebooks', 'backend', 'native', 'js.h');
const quietPath = (root: string): string => join(root, 'notebooks', 'backend', 'native', 'stderr.cc');

/** What a compiled stage depends on: the machine, whether its files are there, and its sources. */
const keyOf = (made: readonly string[], sources: readonly string[]): string =>
  [process.platform, process.arch, ...made.map(existsSync), ...sources.map(path => readFileSync(path, 'utf8'))].join(
    ' ',
  );

/**
 * Compiles tfjs-node's own two C++ files against the TensorFlow of .venv. The package would download libtensorflow 2.9
 * (CUDA 11.2) instead, which no current CUDA machine can use.
 */
export const bindingStage = (root: string): Stage => ({
  name: 'tensorflow-binding',
  key: () => keyOf([bindingPath(), stderrPath(root)], [...nativeFiles(root), jsHeader(root), quietPath(root)]),
  run: async () => {
    const compiler = await findCompiler();
    const folder = await tensorflowFolder(root);
    const source = packageFolder('@tensorflow/tfjs-node-gpu');
    const own = nativeFiles(root).filter(name => name.endsWith('.cc'));
    const files = [join(source, 'binding', 'tfjs_backend.cc'), ...own];
    const include = [source, join(source, 'binding'), join(folder, 'include')].flatMap(path => ['-I', path]);
    await compile(
      [compiler, ...common(), ...include, ...files, ...libraries(folder), `-Wl,-rpath,${folder}`],
      bindingPath(),
    );
    await compile([compiler, ...common(), quietPath(root)], stderrPath(root));
    return `tfjs-node compiled with ${compiler} against ${folder.slice(root.length + 1)}`;
  },
});

const pjrtFolder = (root: string): string => join(root, 'notebooks', 'backend', 'pjrt', 'native');

/** Compiles the add-on for plugins of PJRT, whose header is in the TensorFlow wheel. */
export const pjrtStage = (root: string): Stage => ({
  name: 'pjrt-addon',
  key: () => keyOf([addonPath(root)], [...filesOf(pjrtFolder(root)), jsHeader(root)]),
  run: async () => {
    const compiler = await findCompiler();
    const folder = await tensorflowFolder(root);
    const library = process.platform === 'linux' ? ['-ldl'] : [];
    const files = filesOf(pjrtFolder(root)).filter(name => name.endsWith('.cc'));
    await compile([compiler, ...common(), '-I', join(folder, 'include'), ...files, ...library], addonPath(root));
    return `compiled with ${compiler}`;
  },
});

/** Compiles the add-on that joins processes by TensorFlow's collective runtime. */
export const collectiveStage = (root: string): Stage => ({
  name: 'tensorflow-collective',
  key: () => {
    const shared = [jsHeader(root), join(nativeFolder(root), 'status.h')];
    return keyOf([collectivePath(root)], [...filesOf(collectiveFolder(root)), ...shared]);
  },
  run: async () => {
    const compiler = await findCompiler();
    const folder = await tensorflowFolder(root);
    const source = join(collectiveFolder(root), 'collective.cc');
    await compile(
      [compiler, ...common(), '-I', join(folder, 'include'), source, ...libraries(folder), `-Wl,-rpath,${folder}`],
      collectivePath(root),
    );
    return `the add-on for several processes compiled with ${compiler}`;
  },
});

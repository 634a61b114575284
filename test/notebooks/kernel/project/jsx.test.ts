import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { folderOf } from '../../../support/files.js';
import { withKernel } from '../client.js';

/** What the compiler makes of JSX calls this, in place of React. */
const runtime = {
  'node_modules/mini/package.json': { name: 'mini', exports: { './jsx-runtime': './jsx-runtime.js' } },
  'node_modules/mini/jsx-runtime.js': `const show = (type, { children }) =>
  typeof type === 'function' ? type({ children }) : \`<\${type}>\${[children].flat().join('')}</\${type}>\`;
exports.jsx = exports.jsxs = show;
exports.Fragment = 'all';
`,
  'node_modules/mini/jsx-runtime.d.ts': `export declare function jsx(type: unknown, props: unknown): string;
export declare const jsxs: typeof jsx, Fragment: (props: { children?: unknown }) => string;
export namespace JSX { type Element = string; interface IntrinsicElements { b: { children?: unknown } } }
`,
};
const loud = 'export const Loud = (p: { children?: unknown }) => <b>{p.children}!</b>;\n';
const bundled = { strict: true, target: 'ES2022', module: 'ESNext', moduleResolution: 'bundler' };
const project = (compilerOptions: object, files: Record<string, string> = {}) =>
  folderOf({ 'package.json': { type: 'module' }, 'tsconfig.json': { compilerOptions }, ...runtime, ...files });

describe('JSX in cells and in what they import', () => {
  it('is checked and runs as the tsconfig.json says, beside casts and generic arrow functions', async () => {
    const { folder } = project({ ...bundled, jsx: 'react-jsx', jsxImportSource: 'mini' }, { 'loud.tsx': loud });
    await withKernel({ cwd: folder }, async kernel => {
      const run = async (code: string) => {
        const { result, reply } = await kernel.execute(code);
        return result ?? reply.content.evalue;
      };
      assert.equal(await run('const el = <b>x</b>;\nel'), "'<b>x</b>'");
      assert.equal(await run('const n = <number>(5 as unknown); n'), '5');
      assert.equal(await run('const same = <T>(x: T) => x; same(el)'), "'<b>x</b>'");
      assert.equal(await run('import { Loud } from "./loud"; <Loud>{same(el)}</Loud>'), "'<b><b>x</b>!</b>'");
      assert.equal(await run('<><b/>{n}</>'), "'<all><b></b>5</all>'");
      assert.match(String(await run('const bad =\n  <i/>;')), /^2:3 TS2339: Property 'i'/);
      assert.match(String(await run('el.size')), /TS2339/);
    });
  });

  it('may call a function of the project, as classic JSX does', async () => {
    const { folder } = project({ ...bundled, jsx: 'react', jsxFactory: 'h' });
    await withKernel({ cwd: folder }, async kernel => {
      await kernel.execute('const h = (tag: string, props: unknown, ...inside: string[]) => tag + inside.join("");');
      await kernel.execute('declare global { namespace JSX { interface IntrinsicElements { b: object } } }');
      assert.equal((await kernel.execute('<b>x</b> as unknown')).result, "'bx'");
    });
  });

  it('is refused where the tsconfig.json does not know it, with what to set', async () => {
    const { folder } = project(bundled);
    await withKernel({ cwd: folder }, async kernel => {
      const { evalue } = (await kernel.execute('const el =\n  <b>x</b>;')).reply.content;
      assert.match(String(evalue), /^2:3 TS17004: this is JSX: set "jsx" .*tsconfig\.json, for React to "react-jsx"$/);
      assert.match(String((await kernel.execute('const = <b>')).reply.content.evalue), /TS1/);
    });
  });
});

import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { fileURLToPath } from 'node:url';
import { chromium, type Page } from 'playwright-core';
import { LAUNCHER } from '../notebooks/kernel/client.js';
import { findChromium, skipWithoutChromium } from '../support/chromium.js';
import { freePort } from '../support/port.js';

/** JupyterLab in a headless browser: run, interrupt, complete, inspect, comms and restart, as a person does them. */
const lab = process.env.TSNB_JUPYTER ?? fileURLToPath(new URL('../../.venv/bin/jupyter', import.meta.url));
const skip = existsSync(lab) ? skipWithoutChromium() : 'left out: no JupyterLab in .venv';

const CELLS = [
  'const answer: number = 42;\nconsole.log("printed");\nanswer',
  'let n = 0; for (;;) n++',
  'import { display } from "tslab"; display.html("<b id=\\"shown\\">rich</b>")',
];

/** What JupyterLab offers to a test when started with expose_app_in_browser. */
const IN_PAGE = `(() => {
  const panel = () => window.jupyterapp.shell.currentWidget;
  window.tsnb = {
    kernel: () => panel().sessionContext.session.kernel,
    run: command => window.jupyterapp.commands.execute(command),
    activate: index => { panel().content.activeCellIndex = index; },
    text: index => [...panel().content.widgets[index].node.querySelectorAll('.jp-OutputArea-output')].map(e => e.textContent).join('\\n'),
  };
})()`;

const poll = async (page: Page, expression: string, what: string): Promise<void> => {
  for (let i = 0; i < 150; i++) {
    if (await page.evaluate(expression)) return;
    await new Promise(resolve => setTimeout(resolve, 200));
  }
  assert.fail(`waited in vain for ${what}`);
};

it('JupyterLab works with the kernel', { skip, timeout: 240_000 }, async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tsnb-lab-'));
  spawnSync(process.execPath, [LAUNCHER, 'install', '--prefix', directory]);
  const kernelspec = { name: 'tsnb', display_name: 'TypeScript (tsnb)', language: 'typescript' };
  const cells = CELLS.map((source, index) => ({
    cell_type: 'code',
    id: `c${index}`,
    source,
    metadata: {},
    outputs: [],
    execution_count: null,
  }));
  writeFileSync(
    join(directory, 'a.ipynb'),
    JSON.stringify({ nbformat: 4, nbformat_minor: 5, metadata: { kernelspec }, cells }),
  );
  const port = await freePort();
  const server = spawn(
    lab,
    [
      'lab',
      '--no-browser',
      '--allow-root',
      '--ip=127.0.0.1',
      `--port=${port}`,
      `--ServerApp.root_dir=${directory}`,
      '--IdentityProvider.token=secret',
      '--LabApp.expose_app_in_browser=True',
    ],
    {
      stdio: 'ignore',
      env: {
        ...process.env,
        JUPYTER_PATH: join(directory, 'share/jupyter'),
        JUPYTER_CONFIG_DIR: join(directory, 'config'),
        JUPYTERLAB_WORKSPACES_DIR: join(directory, 'workspaces'),
        TSNB_HISTORY: '',
      },
    },
  );
  const browser = await chromium.launch({ executablePath: findChromium()!, args: ['--no-sandbox'] });
  try {
    const page = await browser.newPage();
    const url = `http://127.0.0.1:${port}/lab/tree/a.ipynb?token=secret`;
    for (let i = 0; i < 100; i++) {
      const reached = await page.goto(url).then(
        () => true,
        () => false,
      );
      if (reached) break;
      await new Promise(resolve => setTimeout(resolve, 300));
    }
    await poll(
      page,
      "window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'",
      'the kernel',
    );
    await page.evaluate(IN_PAGE);

    await page.evaluate("tsnb.activate(0); tsnb.run('notebook:run-cell')");
    await poll(page, "tsnb.text(0).includes('printed') && tsnb.text(0).includes('42')", 'the output');

    await page.evaluate("tsnb.activate(1); void tsnb.run('notebook:run-cell')");
    await poll(page, "tsnb.kernel().status === 'busy'", 'the loop');
    await page.evaluate("tsnb.run('kernelmenu:interrupt')");
    await poll(page, "tsnb.text(1).includes('KeyboardInterrupt') && tsnb.kernel().status === 'idle'", 'the interrupt');

    await page.evaluate("tsnb.activate(2); tsnb.run('notebook:run-cell')");
    await poll(page, "document.querySelector('#shown')?.textContent === 'rich'", 'the display');

    await page.evaluate("tsnb.run('notebook:insert-cell-below')");
    await page.evaluate("tsnb.run('notebook:enter-edit-mode')");
    await page.keyboard.type('answ');
    await page.keyboard.press('Tab');
    await poll(
      page,
      "jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.source === 'answer' || [...document.querySelectorAll('.jp-Completer-item')].some(e => e.textContent.includes('answer'))",
      'the completion',
    );
    await page.keyboard.press('Escape');
    await page.evaluate("jupyterapp.shell.currentWidget.content.activeCell.model.sharedModel.setSource('answer')");
    await page.evaluate("tsnb.run('notebook:enter-edit-mode')");
    await page.keyboard.press('End');
    await page.keyboard.press('Shift+Tab');
    await poll(page, "document.querySelector('.jp-Tooltip')?.textContent.includes('number')", 'the tooltip');

    const echoed = await page.evaluate(`(async () => {
      const run = code => tsnb.kernel().requestExecute({ code }).done;
      await run("Reflect.get(globalThis, Symbol.for('Jupyter.comms')).register('echo', (c: { onMessage: unknown; send(d: object): void }) => { c.onMessage = (d: object) => c.send({ back: d }) })");
      const comm = tsnb.kernel().createComm('echo');
      const answer = new Promise(resolve => { comm.onMsg = message => resolve(message.content.data); });
      comm.open({});
      comm.send({ n: 5 });
      return answer;
    })()`);
    assert.deepEqual(echoed, { back: { n: 5 } });

    // As widgets do it: the cell opens the comm, and the front end knows the target.
    const greeted = await page.evaluate(`(async () => {
      const kernel = tsnb.kernel();
      const opened = new Promise(resolve => kernel.registerCommTarget('view', (comm, message) => {
        comm.send({ seen: message.content.data, buffers: message.buffers.length });
        resolve();
      }));
      await kernel.requestExecute({ code: "let heard: unknown; const view = Reflect.get(globalThis, Symbol.for('Jupyter.comms')).open('view', { x: 1 }, {}, [new Uint8Array([7])]); view.onMessage = (data: unknown) => { heard = data }" }).done;
      await opened;
      const { content } = await kernel.requestExecute({ code: '', user_expressions: { heard: 'JSON.stringify(heard)' } }).done;
      const { comms } = (await kernel.requestCommInfo({ target_name: 'view' })).content;
      return [content.user_expressions.heard.data['text/plain'], Object.values(comms)];
    })()`);
    assert.deepEqual(greeted, [`'{"seen":{"x":1},"buffers":1}'`, [{ target_name: 'view' }]]);

    await page.evaluate('jupyterapp.shell.currentWidget.sessionContext.restartKernel()');
    const lost = await page.evaluate(
      "tsnb.kernel().requestExecute({ code: 'answer' }).done.then(reply => reply.content.evalue)",
    );
    assert.match(String(lost), /Cannot find name 'answer'/);
  } finally {
    await browser.close();
    server.kill('SIGINT');
    server.kill('SIGTERM');
    await new Promise(resolve => server.once('exit', resolve));
    rmSync(directory, { recursive: true, force: true });
  }
});

import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

test('make check asks the TypeScript of package.json: tslab brings one of its own, by the same name', () => {
  const { dependencies } = JSON.parse(readFileSync('package.json', 'utf8')) as { dependencies: { typescript: string } };
  const command = /^check:.*\n\t(.*\btsc)$/m.exec(readFileSync('Makefile', 'utf8'))?.[1];
  assert.ok(command);
  const [program = '', ...args] = command.split(' ');
  const version = execFileSync(program, [...args, '--version'], { encoding: 'utf8' });
  assert.equal(version.trim(), `Version ${dependencies.typescript}`);
});

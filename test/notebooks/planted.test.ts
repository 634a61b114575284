import assert from 'node:assert/strict';
import { after, describe, test } from 'node:test';
import { faults } from '../mutants/faults.js';
import { openGarden } from '../mutants/planted.js';
import { slow } from '../support/slow.js';

/** The first fault of each notebook; `make mutants` plants them all. */
const firsts = faults.filter((fault, i) => faults.findIndex(other => other.notebook === fault.notebook) === i);

describe('a fault in lib is caught by a check of the notebook', {
  skip: slow('runs notebooks, one for each fault'),
}, () => {
  const garden = openGarden();
  after(() => garden.remove());
  for (const fault of firsts) {
    test(`${fault.notebook}: ${fault.what}`, () => {
      const { caught, said } = garden.plant(fault);
      assert.ok(caught, said);
    });
  }
});

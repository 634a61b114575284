/** The values of cells, as `_` and `Out`; compiler/ambient.ts has their types. */
export interface Recall {
  /** @param label the number of the cell that has come to this value. */
  keep(label: string, value: unknown): void;
}

/** As many as IPython keeps: what is let go can be collected. */
const KEPT = 1000;

const { defineProperty, getOwnPropertyDescriptor: own } = Object;

/** @param scope where cells find the two; a package may put a `_` of its own there, which is left to it. */
export const createRecall = (scope: object): Recall => {
  const values: Record<string, unknown> = {};
  const labels: string[] = [];
  let latest: unknown;
  const define = (object: object, name: string, value: unknown, enumerable: boolean) =>
    defineProperty(object, name, { value, enumerable, writable: true, configurable: true });
  define(scope, '_', latest, false);
  define(scope, 'Out', values, false);
  return {
    keep(label, value) {
      const found = own(scope, '_');
      if (found && 'value' in found && Object.is(found.value, latest)) define(scope, '_', value, false);
      latest = value;
      if (!Object.hasOwn(values, label)) labels.push(label);
      define(values, label, value, true);
      if (labels.length > KEPT) Reflect.deleteProperty(values, labels.shift()!);
    },
  };
};

import { tensor, type Variable, variable } from '@tensorflow/tfjs-core';
import { reject } from '../errors.js';
import { sizeOf } from '../math/shape.js';
import type { Rng } from '../rng/rng.js';

/** Named parameters in the making. Layers ask for their variables here, once, when a network is built. */
export interface Scope {
  /** A new variable of this shape. @throws RangeError when the name is taken. */
  variable(name: string, shape: readonly number[], init: Init, trainable?: boolean): Variable;
  /** The scope whose names start with this one's and `name.`. */
  at(name: string | number): Scope;
}

/** The first values of a variable of n numbers. */
export type Init = (n: number, rng: Rng) => Float32Array;

/** The same value everywhere. */
export const initConstant =
  (value: number): Init =>
  n =>
    new Float32Array(n).fill(value);

/** Zeros: a layer that adds nothing at first. */
export const initZeros = initConstant(0);
/** Ones: a scale that changes nothing at first. */
export const initOnes = initConstant(1);

/** N(0, deviation²). */
export const initNormal =
  (deviation: number): Init =>
  (n, rng) =>
    rng.normals(n).map(z => z * deviation);

/** Uniform in (−limit, limit). */
export const initUniform =
  (limit: number): Init =>
  (n, rng) => {
    const out = new Float32Array(n);
    rng.uniforms(n).forEach((u, i) => {
      out[i] = limit * (2 * u - 1);
    });
    return out;
  };

/** N(0, 1/fanIn), which keeps the variance of a layer's input. */
export const initScaled = (fanIn: number): Init => initNormal(1 / Math.sqrt(fanIn));

/**
 * A scope and the map it fills. Each variable draws from its own stream of `rng`, labelled by its place, so adding a
 * layer at the end changes no other layer's first values.
 */
export const parameterScope = (rng: Rng): { scope: Scope; parameters: Map<string, Variable> } => {
  const parameters = new Map<string, Variable>();
  const make = (prefix: string): Scope => ({
    at: name => make(`${prefix}${name}.`),
    variable: (name, shape, init, trainable = true) => {
      const full = prefix + name;
      if (parameters.has(full)) reject('a parameter name', full, 'it is taken already; give layers distinct names');
      const first = tensor(init(sizeOf(shape), rng.fold(parameters.size)), [...shape]);
      const made = variable(first, trainable);
      first.dispose();
      parameters.set(full, made);
      return made;
    },
  });
  return { scope: make(''), parameters };
};

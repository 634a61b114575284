import type { Hlo, Value } from '../hlo.js';
import { all, type Rule } from '../site.js';

type Unary = (hlo: Hlo, x: Value) => Value;
type Binary = (hlo: Hlo, a: Value, b: Value) => Value;

const one =
  (of: Unary): Rule =>
  (hlo, site) =>
    of(hlo, site.input(0));

/** Both stretched to the shape of the result, or of a comparison. */
const two =
  (of: Binary): Rule =>
  (hlo, site) => {
    const { shape } = site.output(0);
    return of(hlo, hlo.broadcast(site.input(0), shape), hlo.broadcast(site.input(1), shape));
  };

const named = (name: string) => one((hlo, x) => hlo.unary(name, x));
const both = (name: string) => two((hlo, a, b) => hlo.binary(name, a, b));
const compared = (direction: string) => two((hlo, a, b) => hlo.compare(a, b, direction));

const positive: Unary = (hlo, x) => hlo.compare(x, hlo.like(x, 0), 'GT');

/** Towards −∞, where division of integers is towards 0. */
const floorDivide: Binary = (hlo, a, b) => {
  const quotient = hlo.binary('divide', a, b);
  if (a.element === 'f32') return hlo.unary('floor', quotient);
  const rest = hlo.binary('remainder', a, b);
  const zero = hlo.like(a, 0);
  const apart = hlo.compare(hlo.compare(rest, zero, 'LT'), hlo.compare(b, zero, 'LT'), 'NE');
  const inexact = hlo.binary('and', hlo.compare(rest, zero, 'NE'), apart);
  return hlo.select(inexact, hlo.binary('subtract', quotient, hlo.like(a, 1)), quotient);
};

/** The rest that has the divisor's sign. */
const floorRest: Binary = (hlo, a, b) => {
  const rest = hlo.binary('remainder', a, b);
  const zero = hlo.like(a, 0);
  const apart = hlo.compare(hlo.compare(rest, zero, 'LT'), hlo.compare(b, zero, 'LT'), 'NE');
  const wrong = hlo.binary('and', hlo.compare(rest, zero, 'NE'), apart);
  return hlo.select(wrong, hlo.binary('add', rest, b), rest);
};

const scaleOfSelu = 1.0507009873554805;
const alphaOfSelu = 1.6732632423543772;

const elu: Unary = (hlo, x) => hlo.select(positive(hlo, x), x, hlo.unary('exponential_minus_one', x));

const selu: Unary = (hlo, x) => {
  const below = hlo.binary('multiply', hlo.unary('exponential_minus_one', x), hlo.like(x, alphaOfSelu));
  return hlo.binary('multiply', hlo.like(x, scaleOfSelu), hlo.select(positive(hlo, x), x, below));
};

/** log(1 + eˣ) = max(x, 0) + log(1 + e^−|x|) */
const softplus: Unary = (hlo, x) => {
  const tail = hlo.unary('log_plus_one', hlo.unary('exponential', hlo.unary('negate', hlo.unary('abs', x))));
  return hlo.binary('add', hlo.binary('maximum', x, hlo.like(x, 0)), tail);
};

const leakyRelu: Rule = (hlo, site) => {
  const x = site.input(0);
  const slope = hlo.like(x, Number(site.attribute('alpha')));
  return hlo.select(positive(hlo, x), x, hlo.binary('multiply', x, slope));
};

/** A condition of one axis chooses rows. */
const select: Rule = (hlo, site) => {
  const [condition, yes, no] = all(site) as [Value, Value, Value];
  const { shape } = site.output(0);
  const isRows = condition.shape.length === 1 && shape.length > 1 && String(yes.shape) === String(no.shape);
  const chosen = isRows ? hlo.spread(condition, [0], shape) : hlo.broadcast(condition, shape);
  return hlo.select(chosen, hlo.broadcast(yes, shape), hlo.broadcast(no, shape));
};

const squared: Unary = (hlo, x) => hlo.binary('multiply', x, x);

export const elementwise: Readonly<Record<string, Rule>> = {
  Neg: named('negate'),
  Abs: named('abs'),
  Sign: named('sign'),
  Square: one(squared),
  Sqrt: named('sqrt'),
  Rsqrt: named('rsqrt'),
  Exp: named('exponential'),
  Expm1: named('exponential_minus_one'),
  Log: named('log'),
  Log1p: named('log_plus_one'),
  Sin: named('sine'),
  Cos: named('cosine'),
  Tan: named('tan'),
  Tanh: named('tanh'),
  Sigmoid: named('logistic'),
  Floor: named('floor'),
  Ceil: named('ceil'),
  Round: named('round_nearest_even'),
  Reciprocal: one((hlo, x) => hlo.binary('divide', hlo.like(x, 1), x)),
  Relu: one((hlo, x) => hlo.binary('maximum', x, hlo.like(x, 0))),
  Relu6: one((hlo, x) => hlo.binary('minimum', hlo.binary('maximum', x, hlo.like(x, 0)), hlo.like(x, 6))),
  Elu: one(elu),
  Selu: one(selu),
  Softplus: one(softplus),
  LeakyRelu: leakyRelu,
  IsNan: one((hlo, x) => hlo.compare(x, x, 'NE')),
  IsFinite: one((hlo, x) => hlo.op('is_finite', [x], x.shape, 'i1')),
  IsInf: one((hlo, x) => hlo.compare(hlo.unary('abs', x), hlo.like(x, Number.POSITIVE_INFINITY), 'EQ')),
  LogicalNot: named('not'),
  Identity: one((_, x) => x),
  ZerosLike: one((hlo, x) => hlo.like(x, 0)),
  OnesLike: one((hlo, x) => hlo.like(x, 1)),
  Cast: (hlo, site) => hlo.convert(site.input(0), site.output(0).element),
  Add: both('add'),
  AddV2: both('add'),
  Sub: both('subtract'),
  Mul: both('multiply'),
  RealDiv: both('divide'),
  Div: both('divide'),
  FloorDiv: two(floorDivide),
  FloorMod: two(floorRest),
  Pow: both('power'),
  Maximum: both('maximum'),
  Minimum: both('minimum'),
  Atan2: both('atan2'),
  SquaredDifference: two((hlo, a, b) => squared(hlo, hlo.binary('subtract', a, b))),
  EluGrad: two((hlo, dy, y) =>
    hlo.select(
      hlo.compare(y, hlo.like(y, 0), 'LT'),
      hlo.binary('multiply', dy, hlo.binary('add', y, hlo.like(y, 1))),
      dy,
    ),
  ),
  Equal: compared('EQ'),
  NotEqual: compared('NE'),
  Less: compared('LT'),
  LessEqual: compared('LE'),
  Greater: compared('GT'),
  GreaterEqual: compared('GE'),
  LogicalAnd: both('and'),
  LogicalOr: both('or'),
  AddN: (hlo, site) => all(site).reduce((a, b) => hlo.binary('add', a, b)),
  Select: select,
};

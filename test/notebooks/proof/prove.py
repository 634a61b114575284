"""Reads equations as JSON, {left, right, definitions} each, and writes those that SymPy does not find to be identities."""
import json
import re
import sys

import sympy
from sympy.parsing.sympy_parser import convert_xor, parse_expr, rationalize, standard_transformations

KNOWN = {name: getattr(sympy, name) for name in ("exp", "log", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh")}


def taylor(formula, by, order, at):
    return sum(sympy.diff(formula, by, n).subs(by, at) * (by - at) ** n / sympy.factorial(n) for n in range(order + 1))


LANGUAGE = {
    **KNOWN,
    "d": lambda formula, *by: sympy.diff(formula, *by),
    "subst": lambda value, name, formula: formula.subs(name, value),
    "taylor": lambda formula, by, order, at: taylor(formula, by, int(order), at),
}


def names_of(text):
    """Numbers are positive where it matters: noise levels, variances, times. A name before a bracket is a function."""
    found = {}
    for name, bracket in re.findall(r"([A-Za-z_]\w*)\s*(\(?)", text):
        if name not in LANGUAGE:
            found[name] = sympy.Function(name) if bracket else sympy.Symbol(name, positive=True)
    return found


def read(text, names):
    return parse_expr(text, {**names, **LANGUAGE}, (*standard_transformations, convert_xor, rationalize))


def gap(equation):
    definitions = equation["definitions"]
    names = names_of(" ".join([equation["left"], equation["right"], *definitions.values()]))
    found = {}

    def value(name):
        """Outputs hold definitions in the order of the alphabet: each is read once those that it uses are."""
        if name not in definitions:
            return names[name]
        if name not in found:
            found[name] = read(definitions[name], {used: value(used) for used in names_of(definitions[name])})
        return found[name]

    known = {name: value(name) for name in names}
    return read(f"({equation['left']})-({equation['right']})", known).doit()


def is_zero(formula):
    return any(way(formula) == 0 for way in (sympy.expand, sympy.simplify, lambda f: sympy.simplify(sympy.powsimp(f))))


equations = json.load(sys.stdin)
json.dump([equation for equation in equations if not is_zero(gap(equation))], sys.stdout)

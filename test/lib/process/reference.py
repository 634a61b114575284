"""Writes reference.json: alpha, sigma, f, g of each process with 50 digits (mpmath), rounded to 20.

Only alpha and sigma are given as formulas; f = alpha'/alpha and g^2 = alpha^2 d(sigma^2/alpha^2)/dt are differentiated
numerically with 100 digits, so the library's closed forms of f and g are checked against another route.
Run: python reference.py  (needs mpmath)
"""

import json
import pathlib

from mpmath import cos, diff, exp, log, mp, mpf, nstr, pi, quad, sin, sqrt

mp.dps = 100
TIMES = [1e-8, 1e-6, 1e-5, 1e-3, 0.01, 0.1, 0.25, 0.5, 0.75, 0.9, 0.99, 1.0]


def linear(t):
    return mpf("0.1") * t + (20 - mpf("0.1")) * t**2 / 2


def stable(t):
    a = (sqrt(mpf(12)) - sqrt(mpf("0.85"))) * 1000 / 999
    b = sqrt(mpf("0.85")) - (sqrt(mpf(12)) - sqrt(mpf("0.85"))) / 999
    return ((a * t + b) ** 3 - b**3) / (3 * a)


def cosine(t):
    s = mpf("0.008")
    return -2 * log(cos(pi / 2 * (t + s) / (1 + s)) / cos(pi / 2 * s / (1 + s)))


def wave(t):
    """The integral of beta = 2 + sin(3 t)."""
    return 2 * t + (1 - cos(3 * t)) / 3


def variance_preserving(B):
    return (lambda t: exp(-B(t) / 2), lambda t: sqrt(1 - exp(-B(t))))


def one(t):
    return mpf(1)


r = mpf(50) / mpf("0.01")
lo, hi, rho = mpf("0.002"), mpf(80), mpf(7)

# name: (alpha, sigma, the formula in words, last time)
CASES = {
    "vp": (*variance_preserving(linear), "B = .1 t + 19.9 t^2/2; alpha = exp(-B/2), sigma^2 = 1 - exp(-B)", 1),
    "subVp": (lambda t: exp(-linear(t) / 2), lambda t: 1 - exp(-linear(t)), "B as vp; sigma = 1 - exp(-B)", 1),
    "ve": (one, lambda t: mpf("0.01") * sqrt(r ** (2 * t) - 1), "sigma^2 = .01^2 (5000^(2t) - 1)", 1),
    "stableDiffusion": (*variance_preserving(stable), "B = ((at+b)^3 - b^3)/(3a); a = (sqrt 12 - sqrt .85) 1000/999, b = sqrt .85 - (sqrt 12 - sqrt .85)/999", 1),
    "cosine": (*variance_preserving(cosine), "alpha = cos(pi/2 (t+.008)/1.008)/cos(pi/2 .008/1.008)", 0.995),
    "vpAnyBeta": (*variance_preserving(wave), "beta = 2 + sin 3t, B = 2t + (1 - cos 3t)/3", 1),
    "rectifiedFlow": (lambda t: 1 - t, lambda t: t, "alpha = 1 - t, sigma = t", 0.999),
    "rectifiedFlowLinear": (lambda t: exp(-linear(t) / 2), lambda t: 1 - exp(-linear(t) / 2), "B as vp; sigma = 1 - alpha", 1),
    "edm": (one, lambda t: t, "alpha = 1, sigma = t", 80),
    "veSine": (one, lambda t: sqrt((mpf("0.3") + sin(t)) ** 2 - mpf("0.09")), "level .3 + sin t, sigma^2 = level^2 - .3^2", 1),
    "ornsteinUhlenbeck": (lambda t: exp(-3 * t), lambda t: sqrt((exp(2 * t) - exp(-6 * t)) / 2), "dx = -3 x dt + 2 e^t dw: sigma^2 = e^(-6t) int 4 e^(8u) du", 1),
    "periodic": (lambda t: exp(-sin(5 * t)), lambda t: exp(-sin(5 * t)) * sqrt(exp(2 * sin(5 * t)) - 1 + 4 * t), "f = -5 cos 5t, sigma^2/alpha^2 = exp(2 sin 5t) - 1 + 4t up to t = .3", 0.3),
}


def row(alpha, sigma, t):
    x = mpf(t)
    f = diff(alpha, x, h=mpf(10) ** -40) / alpha(x)
    g2 = alpha(x) ** 2 * diff(lambda u: (sigma(u) / alpha(u)) ** 2, x, h=mpf(10) ** -40)
    return {"t": t, **{k: nstr(v, 20) for k, v in dict(alpha=alpha(x), sigma=sigma(x), f=f, g=sqrt(g2)).items()}}


def rows(alpha, sigma, last):
    times = [t for t in TIMES if t < last] + [last]
    return [row(alpha, sigma, float(t)) for t in times]


def fall(kind):
    """The integral of g^2/sigma^2 over [1e-5, 1]: beta/(1 - e^-B), and beta coth(B/2) for sub-VP."""
    beta = lambda t: mpf("0.1") + t * (20 - mpf("0.1"))
    share = {"vp": lambda B: 1 / (1 - exp(-B)), "subVp": lambda B: (1 + exp(-B)) / (1 - exp(-B))}[kind]
    points = [mpf("1e-5"), mpf("1e-4"), mpf("1e-3"), mpf("1e-2"), mpf("0.1"), mpf(1)]
    return nstr(quad(lambda t: beta(t) * share(linear(t)), points), 20)


reference = {
    "origin": "test/lib/process/reference.py, mpmath with 100 digits; numbers as strings of 20",
    "cases": {name: {"formula": words, "rows": rows(a, s, last)} for name, (a, s, words, last) in CASES.items()},
    "importance": {kind: fall(kind) for kind in ("vp", "subVp")},
}
pathlib.Path(__file__).with_name("reference.json").write_text(json.dumps(reference, indent=1) + "\n")

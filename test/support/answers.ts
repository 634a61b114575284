/** One right answer and one wrong one to each exercise of a notebook, as a reader would write them in its cell. */
export type Answers = readonly (readonly [right: string, wrong: string])[];

export const answers: Readonly<Record<string, Answers>> = {
  '01-tour': [
    ['0.25896', '0.3'],
    ['[1.893, 0]', '[1, 1]'],
  ],
  '02-brownian-motion': [
    ["'16*(x^2+y^2)'", "'12*(x^2+y^2)'"],
    ["['1', '0', 't', '0', '3*t^2', '0', '15*t^3']", "['1', '0', 't', '0', '3*t^2', '0', '12*t^3']"],
  ],
  '03-fokker-planck': [
    ['(c * c) / (2 * θ)', '0.3'],
    ['x => κ * κ * (x - x ** 2 / 2)', 'x => κ * κ * (x - x ** 2)'],
  ],
  '04-transition-kernels': [
    ['-2 * Math.log(0.01)', '4'],
    [
      '{ f: t => (-2 * t) / (1 - t * t), g: t => Math.sqrt((2 * t * (1 + t * t)) / (1 - t * t)) }',
      '{ f: t => (-2 * t) / (1 - t * t), g: t => t }',
    ],
  ],
  '05-langevin': [
    ['2', '1'],
    ['112', '50'],
  ],
  '06-ddpm': [
    ['0.9104', '0.84'],
    ['0.00905', '0.02'],
  ],
  '07-chains-to-sdes': [
    ['1400', '1500'],
    ['151', '500'],
  ],
  '08-score-matching': [
    ['1 - 0.8 / 0.85', '0.2'],
    ['[4, -2]', '[2, 0]'],
    ['1.4', '0.5'],
  ],
  '09-reverse-time': [
    [
      '(x, t) => vp.f(t) * x + (vp.g(t) ** 2 * (x - 2 * vp.alpha(t))) / (vp.alpha(t) ** 2 / 4 + vp.sigma(t) ** 2)',
      '(x, t) => vp.f(t) * x',
    ],
    ['77', '78'],
  ],
  '10-probability-flow': [
    ["'-k^2*exp(-2*x)'", "'k^2*exp(-2*x)'"],
    [
      'xT => 2 + (xT - 2 * processes.VP!.alpha(1)) / Math.hypot(processes.VP!.alpha(1), 2 * processes.VP!.sigma(1))',
      'xT => xT',
    ],
  ],
  '11-reverse-family': [
    ['(process, t) => process.g(t) * (1.5 - t)', '(process, t) => process.g(t)'],
    ['0.9215', '0.1'],
  ],
  '12-conversions': [
    ['1.5', '1'],
    ['ς => (1 + ς ** 3) ** (-1 / 3)', 'ς => 1 / (1 + ς)'],
  ],
  '13-solvers': [
    ['1', '3'],
    ['n => sde.quadraticTimes(n, 1, epsilon)', 'n => sde.karrasTimes(vp, n, 1, epsilon, 7)'],
    ['20', '64'],
  ],
  '14-predictor-corrector': [
    ['2 - 2 / 1.01', '0.1'],
    ['0.26', '0.05'],
  ],
  '15-likelihood': [
    ['1.02', '0.8'],
    ['19', '18'],
    ['0.01209', '0.5'],
  ],
  '16-latents': [
    ['1e-4', '0.5'],
    ['0.75', '1'],
  ],
  '17-conditional': [
    ['Math.sqrt(8) / 3', '0.5'],
    ['-0.5', '0.5'],
  ],
  '18-training-in-the-plane': [
    ['0.636', '0.3'],
    ['1.42', '1'],
    ['0.1', '0.22'],
  ],
  '19-digits': [
    ['1', '2'],
    ['v => Math.sqrt(v)', 'v => v'],
  ],
  '20-cifar-10': [
    ['variances => variances.reduce((sum, each) => sum + each, 0) / variances.length', '() => 1'],
    ['(1.1 * 1.25 - 0.25) / 4', '0.25'],
  ],
  '21-multistep': [
    ['h => -ψ(1, h) / h', 'h => ψ(1, h) / h'],
    ['s => (s - Math.log1p(s)) / 2', 's => s - Math.log1p(s)'],
  ],
  '22-particles': [
    ['1 / 0.36', '2'],
    ['r => r', 'r => r / 2'],
  ],
  '23-interpolants': [
    ['2 - Math.PI / 2', '1'],
    ['(a, b, h) => (Math.sqrt(h ** 4 + 4 * a * b) - h * h) / 2', '(a, b) => Math.sqrt(a * b)'],
  ],
  '24-discrete-states': [
    ['B => 1 - Math.exp(-B)', 'B => Math.exp(-B)'],
    ['0.5', '0.25'],
  ],
};

"""The work that is timed, each a function without arguments; the counterpart of test/bench/tasks.ts."""

import math

import torch

from ddpmpp import Ddpmpp
from unet import Unet

device = "cuda" if torch.cuda.is_available() else "cpu"

BETA_MIN, BETA_MAX = 0.1, 20.0


def marginal(t):
    """α(t) and σ(t) of the variance-preserving process."""
    log_alpha = -0.25 * t**2 * (BETA_MAX - BETA_MIN) - 0.5 * t * BETA_MIN
    return math.exp(log_alpha), math.sqrt(-math.expm1(2 * log_alpha))


def rates(t):
    """f(t) and g(t)²."""
    beta = BETA_MIN + t * (BETA_MAX - BETA_MIN)
    return -0.5 * beta, beta


def network(task):
    kinds = {"U-Net": Unet, "DDPM++": Ddpmpp}
    return kinds[task["kind"]](task["network"]).to(device)


def about(net):
    return {"parameters": sum(p.numel() for p in net.parameters()), "torch": torch.__version__, "device": device}


def image(task):
    return torch.randn(*task["shape"], device=device)


def train(task, compiled):
    net = network(task)
    average = [p.detach().clone() for p in net.parameters()]
    optimiser = torch.optim.Adam(net.parameters(), lr=1e-3, fused=True)
    batch = task["shape"][0]
    x0 = image(task)

    def loss_of(x0, noise, t):
        log_alpha = -0.25 * t**2 * (BETA_MAX - BETA_MIN) - 0.5 * t * BETA_MIN
        alpha = log_alpha.exp()[:, None, None, None]
        sigma = (-torch.expm1(2 * log_alpha)).sqrt()[:, None, None, None]
        return (net(alpha * x0 + sigma * noise, 999 * t) - noise).square().mean()

    loss_of = torch.compile(loss_of) if compiled else loss_of

    def step():
        noise, t = torch.randn_like(x0), torch.rand(batch, device=device) * 0.999 + 0.001
        loss = loss_of(x0, noise, t)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(net.parameters(), 1.0)
        optimiser.step()
        with torch.no_grad():
            torch._foreach_lerp_(average, list(net.parameters()), 0.001)
        return loss.item()

    return step, about(net)


def sample(task, compiled):
    """Predictor–corrector: a Langevin move and a reverse-diffusion step at each of the times."""
    net = network(task).eval()
    apply = torch.compile(net) if compiled else net
    batch, steps, r = task["shape"][0], task["steps"], 0.16

    @torch.no_grad()
    def run():
        x = image(task)
        for i in range(steps):
            t, u = 1 - 0.999 * i / 1000, 1 - 0.999 * (i + 1) / 1000
            (alpha, sigma), (alpha_u, sigma_u) = marginal(t), marginal(u)
            label = torch.full((batch,), 999 * t, device=device)
            s, z = apply(x, label) / -sigma, torch.randn_like(x)
            ratio = z.flatten(1).norm(dim=1).mean() / s.flatten(1).norm(dim=1).mean()
            e = 2 * (r * ratio) ** 2
            x = x + e * s + (2 * e).sqrt() * z
            factor = alpha / alpha_u
            v = sigma**2 - (factor * sigma_u) ** 2
            s, z = apply(x, label) / -sigma, torch.randn_like(x)
            x = (2 - factor) * x + v * s + math.sqrt(v) * z
        return x.sum().item()

    return run, about(net)


def likelihood(task, compiled):
    """Evaluations of the probability flow and of Hutchinson's estimate of its divergence."""
    net = network(task).eval()
    batch, steps = task["shape"][0], task["steps"]
    probe = torch.randint(0, 2, task["shape"], device=device) * 2.0 - 1

    def drift(x, label, f, g2, sigma):
        return f * x + 0.5 * g2 / sigma * net(x, label)

    drift = torch.compile(drift) if compiled else drift

    def run():
        x, total = image(task), torch.zeros(batch, device=device)
        for i in range(steps):
            t = 1e-3 + (1 - 1e-3) * i / steps
            (f, g2), (_, sigma) = rates(t), marginal(t)
            x = x.detach().requires_grad_()
            numbers = [torch.tensor(value, device=device) for value in (f, g2, sigma)]
            d = drift(x, torch.full((batch,), 999 * t, device=device), *numbers)
            (product,) = torch.autograd.grad(d, x, probe)
            total = total + (product * probe).flatten(1).sum(1) / steps
            x = x + d.detach() / steps
        return total.sum().item()

    return run, about(net)


tasks = {"train": train, "sample": sample, "likelihood": likelihood}

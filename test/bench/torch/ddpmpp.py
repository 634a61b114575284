"""DDPM++ of lib/models/ncsnpp.ts in PyTorch, layer by layer, as one would write it there (NCHW)."""

import math

import torch
import torch.nn.functional as F
from torch import nn


def norm(channels):
    return nn.GroupNorm(min(channels // 4, 32), channels, eps=1e-6)


def summed(x, h):
    return (x + h) * math.sqrt(0.5)


class Residual(nn.Module):
    """GroupNorm, swish, convolution, twice; `resize` changes both branches after the first swish."""

    def __init__(self, inputs, outputs, embedding, resize=None):
        super().__init__()
        self.resize = resize or (lambda x: x)
        self.norm0, self.conv0 = norm(inputs), nn.Conv2d(inputs, outputs, 3, padding=1)
        self.time = nn.Linear(embedding, outputs)
        self.norm1, self.conv1 = norm(outputs), nn.Conv2d(outputs, outputs, 3, padding=1)
        self.past = nn.Identity() if inputs == outputs and not resize else nn.Conv2d(inputs, outputs, 1)

    def forward(self, x, time):
        h = self.conv0(self.resize(F.silu(self.norm0(x)))) + self.time(F.silu(time))[:, :, None, None]
        return summed(self.past(self.resize(x)), self.conv1(F.silu(self.norm1(h))))


class Attention(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.norm = norm(channels)
        self.qkv, self.out = nn.Linear(channels, 3 * channels), nn.Linear(channels, channels)

    def forward(self, x):
        b, c, h, w = x.shape
        rows = self.norm(x).flatten(2).transpose(1, 2)  # [B, HW, C]
        q, k, v = (part[:, None] for part in self.qkv(rows).chunk(3, -1))
        mixed = F.scaled_dot_product_attention(q, k, v)[:, 0]
        return summed(x, self.out(mixed).transpose(1, 2).reshape(b, c, h, w))


class Level(nn.Module):
    def __init__(self, inputs, outputs, embedding, attend):
        super().__init__()
        self.residual = Residual(inputs, outputs, embedding)
        self.mix = Attention(outputs) if attend else nn.Identity()

    def forward(self, x, time):
        return self.mix(self.residual(x, time))


def halve(x):
    return F.avg_pool2d(x, 2)


def double(x):
    return F.interpolate(x, scale_factor=2, mode="nearest")


class Ddpmpp(nn.Module):
    def __init__(self, config):
        super().__init__()
        width, channels = config["width"], config["channels"]
        widths, blocks, attended = [width * m for m in config["multipliers"]], config["blocks"], config["attention"]
        self.dim, size, last = width, 4 * width, len(widths) - 1
        self.first, self.second = nn.Linear(width, size), nn.Linear(size, size)
        self.enter = nn.Conv2d(channels, width, 3, padding=1)
        self.down, self.up, sizes = nn.ModuleList(), nn.ModuleList(), [width]
        for i, outputs in enumerate(widths):
            for _ in range(blocks):
                self.down.append(Level(sizes[-1], outputs, size, i in attended))
                sizes.append(outputs)
            if i < last:
                self.down.append(Residual(outputs, outputs, size, halve))
                sizes.append(outputs)
        current = sizes[-1]
        self.middle = nn.ModuleList([Level(current, current, size, k == 0) for k in (0, 1)])
        for i in reversed(range(len(widths))):
            for k in range(blocks + 1):
                attend = k == blocks and i in attended
                self.up.append(Level(current + sizes.pop(), widths[i], size, attend))
                current = widths[i]
            if i > 0:
                self.up.append(Residual(current, current, size, double))
        self.norm, self.leave = norm(current), nn.Conv2d(current, channels, 3, padding=1)

    def embed(self, label):
        half = self.dim // 2
        frequencies = 10_000.0 ** (-torch.arange(half, device=label.device) / (half - 1))
        angle = label[:, None] * frequencies
        return self.second(F.silu(self.first(torch.cat([angle.sin(), angle.cos()], -1))))

    def forward(self, x, label):
        time = self.embed(label)
        stack = [self.enter(x)]
        for block in self.down:
            stack.append(block(stack[-1], time))
        x = stack[-1]
        for block in self.middle:
            x = block(x, time)
        for block in self.up:
            x = block(torch.cat([x, stack.pop()], 1) if isinstance(block, Level) else x, time)
        return self.leave(F.silu(self.norm(x)))

"""The U-Net of lib/nn/unet.ts in PyTorch, layer by layer, as one would write it there (NCHW)."""

import math

import torch
import torch.nn.functional as F
from torch import nn


class Residual(nn.Module):
    def __init__(self, inputs, outputs, embedding, groups):
        super().__init__()
        self.norm1 = nn.GroupNorm(groups, inputs)
        self.conv1 = nn.Conv2d(inputs, outputs, 3, padding=1)
        self.time = nn.Linear(embedding, outputs)
        self.norm2 = nn.GroupNorm(groups, outputs)
        self.conv2 = nn.Conv2d(outputs, outputs, 3, padding=1)
        self.skip = nn.Identity() if inputs == outputs else nn.Conv2d(inputs, outputs, 1)

    def forward(self, x, time):
        h = self.conv1(F.silu(self.norm1(x))) + self.time(time)[:, :, None, None]
        return self.conv2(F.silu(self.norm2(h))) + self.skip(x)


class Attention(nn.Module):
    def __init__(self, channels, groups):
        super().__init__()
        self.norm = nn.GroupNorm(groups, channels)
        self.qkv = nn.Linear(channels, 3 * channels)
        self.out = nn.Linear(channels, channels)

    def forward(self, x):
        b, c, h, w = x.shape
        rows = self.norm(x).flatten(2).transpose(1, 2)  # [B, HW, C]
        q, k, v = (part[:, None] for part in self.qkv(rows).chunk(3, -1))
        mixed = F.scaled_dot_product_attention(q, k, v)[:, 0]
        return x + self.out(mixed).transpose(1, 2).reshape(b, c, h, w)


class Level(nn.Module):
    def __init__(self, inputs, outputs, attend, config):
        super().__init__()
        self.residual = Residual(inputs, outputs, config["embedding"], config["groups"])
        self.mix = Attention(outputs, config["groups"]) if attend else nn.Identity()

    def forward(self, x, time):
        return self.mix(self.residual(x, time))


class Unet(nn.Module):
    def __init__(self, config):
        super().__init__()
        self.dim = config["embedding"]
        channels, width, groups = config["channels"], config["width"], config["groups"]
        multipliers, blocks, attended = config["multipliers"], config["blocks"], config["attention"]
        self.first, self.second = nn.Linear(self.dim, self.dim), nn.Linear(self.dim, self.dim)
        self.enter = nn.Conv2d(channels, width, 3, padding=1)
        self.down, self.up = nn.ModuleList(), nn.ModuleList()
        sizes, last = [width], len(multipliers) - 1
        for i, multiplier in enumerate(multipliers):
            outputs = width * multiplier
            for _ in range(blocks):
                self.down.append(Level(sizes[-1], outputs, i in attended, config))
                sizes.append(outputs)
            if i < last:
                self.down.append(nn.Conv2d(outputs, outputs, 3, stride=2, padding=1))
                sizes.append(outputs)
        current = sizes[-1]
        self.middle = nn.ModuleList([Level(current, current, k == 0 and len(attended) > 0, config) for k in (0, 1)])
        for i in reversed(range(len(multipliers))):
            outputs = width * multipliers[i]
            for _ in range(blocks + 1):
                self.up.append(Level(current + sizes.pop(), outputs, i in attended, config))
                current = outputs
            if i > 0:
                self.up.append(nn.ConvTranspose2d(outputs, outputs, 3, stride=2, padding=1, output_padding=1))
        self.norm = nn.GroupNorm(groups, current)
        self.leave = nn.Conv2d(current, channels, 3, padding=1)

    def embed(self, label):
        half = self.dim // 2
        frequencies = 10_000.0 ** (-torch.arange(half, device=label.device) / (half - 1))
        angle = label[:, None] * frequencies
        features = torch.cat([angle.sin(), angle.cos()], -1)
        return F.silu(self.second(F.silu(self.first(features))))

    def forward(self, x, label):
        time = self.embed(label)
        x = self.enter(x)
        stack = [x]
        for block in self.down:
            x = block(x, time) if isinstance(block, Level) else block(x)
            stack.append(x)
        for block in self.middle:
            x = block(x, time)
        for block in self.up:
            x = block(torch.cat([x, stack.pop()], 1), time) if isinstance(block, Level) else block(x)
        return self.leave(F.silu(self.norm(x)))

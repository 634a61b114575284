"""Writes inception.json: the arrays of pytorch-fid's network, and the features that it gives two images from a hash.

The weights are those of no training: each number is a hash of its array's name and its place, so that the test can make
the same 22 million numbers, and none has to be kept.
Run: python inception.py  (needs torch, torchvision, pytorch-fid)
"""

import json
import pathlib

import numpy as np
import pytorch_fid.inception as fid
import torch


def uniform(name, count):
    """Numbers in [0, 1) by the last steps of MurmurHash3 over name and place."""
    seed = 2166136261
    for byte in name.encode():
        seed = ((seed ^ byte) * 16777619) & 0xFFFFFFFF
    h = np.arange(count, dtype=np.uint32) * np.uint32(2654435761) ^ np.uint32(seed)
    h ^= h >> np.uint32(16)
    h *= np.uint32(0x85EBCA6B)
    h ^= h >> np.uint32(13)
    h *= np.uint32(0xC2B2AE35)
    h ^= h >> np.uint32(16)
    return h / 2**32


def values(name, shape):
    u = uniform(name, int(np.prod(shape)))
    if name.endswith("conv.weight"):
        u = (2 * u - 1) * np.sqrt(6 / np.prod(shape[1:]))
    elif name.endswith(("bn.bias", "bn.running_mean")):
        u = (u - 0.5) / 2
    else:
        u = 0.5 + u
    return torch.from_numpy(u.astype(np.float32).reshape(shape))


own = fid._inception_v3(num_classes=1008, aux_logits=False, weights=None).state_dict()
arrays = {name: list(v.shape) for name, v in own.items() if v.dim() > 0}
made = {name: values(name, shape) for name, shape in arrays.items()}
fid.load_state_dict_from_url = lambda *_, **__: {**own, **made}
network = fid.InceptionV3([3]).eval()
# As images are: rows, columns, channels. One is enlarged, the other is made smaller in height.
shapes = {"small": [1, 20, 32, 3], "tall": [1, 400, 48, 3]}
images = {}
with torch.no_grad():
    for name, shape in shapes.items():
        x = torch.from_numpy(uniform(name, int(np.prod(shape))).astype(np.float32).reshape(shape))
        features = network(x.permute(0, 3, 1, 2))[0].flatten().numpy()
        images[name] = {"shape": shape, "features": [float(f"{v:.6g}") for v in features[::16]]}
pathlib.Path(__file__).with_name("inception.json").write_text(json.dumps({"arrays": arrays, "images": images}) + "\n")

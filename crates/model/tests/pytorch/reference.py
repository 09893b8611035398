"""Makes reference.json: what PyTorch computes in one net of all our layers, forward and backward.

    python reference.py > reference.json

The inputs are the numbers of a generator that the test (../pytorch.rs) has as well. Of each result
every 13th value is kept. Made with PyTorch 2.15.0, on the CPU, in double precision: what differs is our
rounding alone.
"""

import json

import torch
from torch.nn import functional as F

BATCH, HEIGHT, WIDTH, CHANNELS, CLASSES = 3, 10, 8, 32, 10
EVERY = 13


def values(seed, *shape):
    """Numbers in [-1, 1) that single precision holds exactly."""
    state, numbers = seed, []
    for _ in range(torch.Size(shape).numel()):
        state = (state * 1_664_525 + 1_013_904_223) % 2**32
        numbers.append((state >> 8) / 2**23 - 1)
    return torch.tensor(numbers, dtype=torch.float64).reshape(shape)


def conv(x, weights, bias=None):
    """x is channels last, the weights are [9 x inputs, outputs], tap after tap."""
    inputs = x.shape[3]
    weights = weights.reshape(3, 3, inputs, -1).permute(3, 2, 0, 1)
    return F.conv2d(x.permute(0, 3, 1, 2), weights, bias, padding=1).permute(0, 2, 3, 1)


def norm(x, gamma, beta):
    y = F.batch_norm(x.permute(0, 3, 1, 2), None, None, gamma, beta, training=True, eps=1e-5)
    return y.permute(0, 2, 3, 1)


def pool(x):
    return F.max_pool2d(x.permute(0, 3, 1, 2), 2).permute(0, 2, 3, 1)


shapes = {
    "x": (BATCH, HEIGHT, WIDTH, CHANNELS),
    "first": (9 * CHANNELS, CHANNELS),
    "gamma": (CHANNELS,),
    "beta": (CHANNELS,),
    "second": (9 * CHANNELS, CHANNELS),
    "bias": (CHANNELS,),
    "head": (CHANNELS, CLASSES),
    "head_bias": (CLASSES,),
}
# So small that no class is certain; a power of two, so that single precision holds it.
scales = {"first": 1 / 16, "second": 1 / 16, "head": 1 / 4}
tensors = {
    name: (values(seed, *shape) * scales.get(name, 1)).requires_grad_()
    for seed, (name, shape) in enumerate(shapes.items(), start=1)
}
t = tensors
x = conv(t["x"], t["first"])
x = F.relu(norm(x, t["gamma"], t["beta"]) + t["x"])
x = F.relu(conv(x, t["second"], t["bias"]) + x)
logits = pool(x).mean(dim=(1, 2)) @ t["head"] + t["head_bias"]
targets = F.softmax(values(9, BATCH, CLASSES), dim=1)
loss = -(targets * F.log_softmax(logits, dim=1)).sum(dim=1).mean()
loss.backward()

results = {"logits": logits, "loss": loss} | {f"d{name}": tensor.grad for name, tensor in t.items()}
kept = {name: result.flatten()[::EVERY].tolist() for name, result in results.items()}
# Nine digits are what single precision needs.
print(json.dumps({name: [float(f"{v:.9g}") for v in values] for name, values in kept.items()}))

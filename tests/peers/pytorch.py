"""PyTorch's side of `cargo xtask bench native`: the net `compact` (crates/model/src/net/compact.rs).

    python pytorch.py FOLDER

FOLDER holds `exchange.json` (the settings, and the tensors' names and shapes) and `exchange.f32` (the
tensors' values, one after another). Each line of the standard input is a JSON object that names a
piece of work; the line that answers it holds the seconds that it took. PyTorch is given what it is
fastest with in plain fp32: channels last, ReLU and addition in place, the fused optimiser, and for
inference the frozen graph beside the plain net.
"""

import json
import math
import sys
import time
from pathlib import Path

import torch
from torch import nn
from torch.nn import functional as F


class ConvLayer(nn.Module):
    """A 3x3 convolution, a batch normalisation or a bias, the residual if there is one, a ReLU."""

    def __init__(self, inputs, outputs, batch_norm):
        super().__init__()
        self.conv = nn.Conv2d(inputs, outputs, 3, padding=1, bias=not batch_norm)
        # Wardrobe gathers statistics after training, so none are tracked here either.
        norm = nn.BatchNorm2d(outputs, track_running_stats=False)
        self.norm = norm if batch_norm else nn.Identity()

    def forward(self, x, residual=None):
        x = self.norm(self.conv(x))
        if residual is not None:
            x += residual
        return x.relu_()


class Stage(nn.Module):
    """A convolution that changes the number of channels, and a residual block."""

    def __init__(self, inputs, outputs, batch_norm):
        super().__init__()
        self.widen = ConvLayer(inputs, outputs, batch_norm)
        self.first = ConvLayer(outputs, outputs, batch_norm)
        self.second = ConvLayer(outputs, outputs, batch_norm)

    def forward(self, x):
        x = self.widen(x)
        return self.second(self.first(x), x)


class Compact(nn.Module):
    """Images [batch, 1, 28, 28] to logits [batch, 10]."""

    def __init__(self, batch_norm):
        super().__init__()
        self.stem = ConvLayer(1, 32, batch_norm)
        self.early = ConvLayer(32, 32, batch_norm)
        self.middle = Stage(32, 64, batch_norm)
        self.late = Stage(64, 128, batch_norm)
        self.head = nn.Linear(128, 10)

    def forward(self, x):
        x = F.max_pool2d(self.early(self.stem(x)), 2)
        x = F.max_pool2d(self.middle(x), 2)
        return self.head(self.late(x).mean((2, 3)))


def read_exchange(folder):
    """The settings, and the tensors by name."""
    settings = json.loads((folder / "exchange.json").read_text())
    values = bytearray((folder / "exchange.f32").read_bytes())
    values = torch.frombuffer(values, dtype=torch.float32)
    tensors, start = {}, 0
    for name, shape in settings["tensors"]:
        end = start + math.prod(shape)
        tensors[name] = values[start:end].view(shape).clone()
        start = end
    return settings, tensors


def load(net, tensors, prefix):
    """Gives the net the tensors whose names start with the prefix; all of its own must be there."""
    state = {}
    for name, tensor in tensors.items():
        if name.startswith(prefix):
            name, tensor = as_pytorch_has_it(name.removeprefix(prefix), tensor)
            state[name] = tensor
    net.load_state_dict(state)
    return net.to(memory_format=torch.channels_last)


def as_pytorch_has_it(name, tensor):
    """Wardrobe's tensor under PyTorch's name and in PyTorch's order."""
    module, kind = name.rsplit(".", 1)
    if module == "head":
        return (f"{module}.weight", tensor.t()) if kind == "weights" else (name, tensor)
    if kind == "weights":  # [9 * inputs, outputs], the nine taps below each other
        outputs = tensor.shape[1]
        return f"{module}.conv.weight", tensor.view(3, 3, -1, outputs).permute(3, 2, 0, 1)
    names = {"bias": "conv.bias", "gamma": "weight", "beta": "bias"}
    return f"{module}.{names[kind]}", tensor


class PyTorch:
    """The nets and what they work on."""

    def __init__(self, folder):
        settings, tensors = read_exchange(folder)
        torch.set_num_threads(settings["threads"])
        images = tensors.pop("images").view(-1, 1, 28, 28)
        self.images = images.contiguous(memory_format=torch.channels_last)
        self.labels = tensors.pop("labels").long()
        self.trained = load(Compact(batch_norm=True), tensors, "trained.")
        self.folded = load(Compact(batch_norm=False), tensors, "folded.").eval()
        self.optimiser = torch.optim.AdamW(
            self.trained.parameters(),
            lr=settings["learning_rate"],
            eps=settings["epsilon"],
            weight_decay=settings["weight_decay"],
            fused=True,
        )
        self.label_smoothing = settings["label_smoothing"]
        self.frozen = {}

    def freeze(self, batch):
        """The folded net as an optimised graph for batches of this size."""
        if batch not in self.frozen:
            traced = torch.jit.trace(self.folded, self.images[:batch])
            self.frozen[batch] = torch.jit.optimize_for_inference(torch.jit.freeze(traced))
        return self.frozen[batch]

    def train(self, batch):
        """One step; the loss before it."""
        self.optimiser.zero_grad(set_to_none=True)
        logits = self.trained(self.images[:batch])
        labels = self.labels[:batch]
        loss = F.cross_entropy(logits, labels, label_smoothing=self.label_smoothing)
        loss.backward()
        self.optimiser.step()
        return loss.item()

    @torch.inference_mode()
    def infer(self, net, batch):
        return net(self.images[:batch])

    def check(self, batch, steps):
        """What Wardrobe compares with its own, and what is measured here."""
        with torch.no_grad():
            trained = self.trained(self.images[:batch])
        return {
            "version": torch.__version__.partition("+")[0],
            "vectors": torch.backends.cpu.get_cpu_capability(),
            "trained": trained.flatten().tolist(),
            "folded": self.infer(self.folded, batch).flatten().tolist(),
            "frozen": self.infer(self.freeze(batch), batch).flatten().tolist(),
            "losses": [self.train(batch) for _ in range(steps)],
        }

    def work(self, name, batch):
        """The piece of work of this name, as a function."""
        if name == "train":
            return lambda: self.train(batch)
        net = self.freeze(batch) if name == "infer frozen" else self.folded
        return lambda: self.infer(net, batch)


def seconds(work, runs):
    """The mean of some runs, after one that warms up what the other side's turn has cooled down."""
    work()
    start = time.perf_counter()
    for _ in range(runs):
        work()
    return (time.perf_counter() - start) / runs


def main():
    peer = PyTorch(Path(sys.argv[1]))
    for line in sys.stdin:
        request = json.loads(line)
        if request["work"] == "check":
            answer = peer.check(request["batch"], request["runs"])
        else:
            work = peer.work(request["work"], request["batch"])
            answer = {"seconds": seconds(work, request["runs"])}
        print(json.dumps(answer), flush=True)


if __name__ == "__main__":
    main()

"""Single operations and their gradients, on inputs that both sides make alike."""
import math

import numpy
import torch
import torch.nn.functional as F


def bits(seed, count):
    index = numpy.arange(count, dtype=numpy.uint64) + numpy.uint64(1000003 * seed)
    return (index * numpy.uint64(2654435761) & numpy.uint64(0xFFFFFFFF)) >> numpy.uint64(8)


def floats(seed, *shape):
    return torch.from_numpy((bits(seed, math.prod(shape)).astype(numpy.float32) / numpy.float32(16777216) - numpy.float32(0.5)).reshape(shape))


def integers(seed, bound, *shape):
    return torch.from_numpy((bits(seed, math.prod(shape)) % numpy.uint64(bound)).astype(numpy.int64).reshape(shape))


def one(compute, shift=0.0):
    def build(*size):
        x = floats(1, *size) + shift
        return lambda: compute(x), [x]
    return build


def plain(compute):
    def build(rows, columns, *rest):
        x = floats(1, rows, columns)
        return lambda: compute(x, *rest), []
    return build


def two(compute):
    def build(*size):
        a, b = floats(1, *size), floats(2, *size)
        return lambda: compute(a, b), [a, b]
    return build


def linear(rows, inputs, outputs):
    x, weight, bias = floats(1, rows, inputs), floats(2, outputs, inputs), floats(3, outputs)
    return lambda: F.linear(x, weight, bias), [x, weight, bias]


def layer_norm(rows, columns):
    x, weight, bias = floats(1, rows, columns), floats(2, columns), floats(3, columns)
    return lambda: F.layer_norm(x, (columns,), weight, bias, 1e-5), [x, weight, bias]


def attention(b, n, heads, d):
    query, key, value = (floats(seed, b, n, heads, d) for seed in (1, 2, 3))
    bias = torch.zeros(b, 1, 1, n)

    def compute():
        q, k, v = (x.transpose(1, 2) for x in (query, key, value))
        return F.softmax(q @ k.transpose(-1, -2) / math.sqrt(d) + bias, -1) @ v
    return compute, [query, key, value]


def cross_entropy(rows, classes):
    logits, targets = floats(1, rows, classes), integers(2, classes, rows)
    return lambda: F.cross_entropy(logits, targets), [logits]


def embedding(words, d, count):
    weight, ids = floats(1, words, d), integers(2, words, count)
    return lambda: F.embedding(ids, weight), [weight]


def where(*size):
    a, b, condition = floats(1, *size), floats(2, *size), floats(3, *size) > 0
    return lambda: torch.where(condition, a, b), [a, b]


def gather(rows, columns, count):
    x, index = floats(1, rows, columns), integers(2, columns, rows, count)
    return lambda: x.gather(1, index), [x]


def cat(rows, columns, count):
    parts = [floats(i + 1, rows, columns) for i in range(count)]
    return lambda: torch.cat(parts, 1), parts


def updated(count, rows, columns):
    found = [torch.nn.Parameter(floats(i + 1, rows, columns)) for i in range(count)]
    for i, parameter in enumerate(found):
        parameter.grad = floats(101 + i, rows, columns)
    return found


def adamw(*size):
    weights = updated(*size)
    optimizer = torch.optim.AdamW(weights, lr=1e-3, betas=(0.9, 0.98), eps=1e-8, weight_decay=0.01)

    def compute():
        optimizer.step()
        return weights[0]
    return compute, []


def clip(*size):
    weights, bound = updated(*size), 100.0

    def compute():
        nonlocal bound
        bound *= 0.9999
        torch.nn.utils.clip_grad_norm_(weights, bound)
        return weights[0].grad
    return compute, []


BUILDERS = {
    "linear": linear,
    "gelu": one(F.gelu),
    "layer_norm": layer_norm,
    "softmax": one(lambda x: F.softmax(x, -1)),
    "log_softmax": one(lambda x: F.log_softmax(x, -1)),
    "attention": attention,
    "cross_entropy": cross_entropy,
    "embedding": embedding,
    "dropout": one(lambda x: F.dropout(x, 0.1, True)),
    "add": two(lambda a, b: a + b),
    "mul": two(lambda a, b: a * b),
    "where": where,
    "exp": one(torch.exp),
    "log": one(torch.log, 1.0),
    "tanh": one(torch.tanh),
    "sum": one(torch.sum, 1.0),
    "sum_rows": one(lambda x: x.sum(1), 1.0),
    "cumsum": one(lambda x: x.cumsum(1)),
    "gather": gather,
    "cat": cat,
    "transpose_contiguous": one(lambda x: x.transpose(1, 2).contiguous()),
    "topk": plain(lambda x, k: x.topk(k).values),
    "sort": plain(lambda x: x.sort().values),
    "argmax": plain(lambda x: x.argmax(1)),
    "adamw": adamw,
    "clip_grad_norm_": clip,
}


class Op:
    def __init__(self, settings):
        self.compute, self.leaves = BUILDERS[settings["name"]](*settings["sizes"])
        self.gradient = settings["gradient"]
        if self.gradient:
            self.weight = floats(99, *self.compute().shape)
            for leaf in self.leaves:
                leaf.requires_grad_(True)

    def run(self):
        if not self.gradient:
            with torch.no_grad():
                self.result = self.compute()
            return
        for leaf in self.leaves:
            leaf.grad = None
        self.compute().backward(self.weight)

    def tell(self):
        shown = [leaf.grad for leaf in self.leaves] if self.gradient else [self.result]
        total = sum(x.detach().double().abs().sum().item() for x in shown)
        self.result = None
        return {"sum": total}


CASES = {"op": Op}

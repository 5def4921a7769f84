"""Writes nn.safetensors: inputs, results and gradients of torch.nn as PyTorch computes them in float64.

Usage: python3 generate_nn.py nn.safetensors   (made with PyTorch 1.13)

Of a case NAME the file holds NAME.in0, NAME.in1, .., NAME.out and NAME.grad0, .., the gradients of sum(out * cos(i)).
Of a module it also holds NAME.param.PATH and NAME.paramgrad.PATH.
"""
import json
import struct
import sys

import torch
import torch.nn as nn
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
tensors = {}


def draw(*shape, seed=0):
    g = torch.Generator().manual_seed(seed + 1000 * len(tensors))
    return torch.randn(*shape, generator=g)


def weights(out):
    return torch.cos(torch.arange(out.numel(), dtype=out.dtype)).reshape(out.shape)


def case(name, inputs, f, grads=None):
    inputs = [i.clone() for i in inputs]
    for k, x in enumerate(inputs):
        if x.is_floating_point() and (grads is None or k in grads):
            x.requires_grad_()
    out = f(*inputs)
    (out * weights(out)).sum().backward()
    for k, x in enumerate(inputs):
        tensors[f"{name}.in{k}"] = x.detach()
        if x.grad is not None:
            tensors[f"{name}.grad{k}"] = x.grad
    tensors[f"{name}.out"] = out.detach()


def module(name, m, inputs, call=lambda m, *x: m(*x), train=True):
    m.train(train)
    inputs = [i.clone() for i in inputs]
    for x in inputs:
        if x.is_floating_point():
            x.requires_grad_()
    for p, v in m.named_parameters():
        with torch.no_grad():
            v.copy_(draw(*v.shape, seed=len(p)) * 0.3)
        tensors[f"{name}.param.{p}"] = v.detach().clone()
    for b, v in m.named_buffers():
        tensors[f"{name}.buffer.{b}"] = v.detach().clone()
    out = call(m, *inputs)
    (out * weights(out)).sum().backward()
    for k, x in enumerate(inputs):
        tensors[f"{name}.in{k}"] = x.detach()
        if x.grad is not None:
            tensors[f"{name}.grad{k}"] = x.grad
    for p, v in m.named_parameters():
        tensors[f"{name}.paramgrad.{p}"] = v.grad if v.grad is not None else torch.zeros_like(v)
    for b, v in m.named_buffers():
        tensors[f"{name}.after.{b}"] = v.detach().clone()
    tensors[f"{name}.out"] = out.detach()


x = torch.cat([draw(15) * 2, torch.tensor([-4.0, -3.5, 3.5, 4.0, 25.0, -25.0])])
for name, f in {
    "elu": lambda t: F.elu(t, 1.3), "selu": F.selu, "celu": lambda t: F.celu(t, 0.7), "leaky_relu": lambda t: F.leaky_relu(t, 0.2),
    "rrelu": lambda t: F.rrelu(t, 0.1, 0.3, False), "hardtanh": lambda t: F.hardtanh(t, -0.5, 0.8), "relu6": F.relu6,
    "hardsigmoid": F.hardsigmoid, "hardswish": F.hardswish, "softplus": lambda t: F.softplus(t, 2, 15), "logsigmoid": F.logsigmoid,
    "mish": F.mish, "softshrink": lambda t: F.softshrink(t, 0.4), "hardshrink": lambda t: F.hardshrink(t, 0.4), "tanhshrink": F.tanhshrink,
    "softsign": F.softsign, "threshold": lambda t: F.threshold(t, 0.3, -2.0),
}.items():
    case(name, [x], f)
case("glu", [draw(3, 6)], lambda t: F.glu(t))
case("glu of a first dimension", [draw(4, 3)], lambda t: F.glu(t, 0))
case("prelu of one", [draw(3, 4), torch.tensor([0.2])], F.prelu)
case("prelu of channels", [draw(2, 3, 4), torch.tensor([0.2, 0.5, -0.1])], F.prelu)
case("softmin", [draw(3, 5)], lambda t: F.softmin(t, 1))
case("softmax2d", [draw(2, 3, 2, 2)], lambda t: nn.Softmax2d()(t))

a, b = draw(4, 5), draw(4, 5, seed=1)
unit, other = torch.sigmoid(a), torch.sigmoid(b)
sign = torch.where(b > 0, 1.0, -1.0)
classes = torch.tensor([1, 4, 0, 2])
cw = torch.tensor([0.5, 1.0, 2.0, 0.3, 1.5])
for reduction in ("mean", "sum", "none"):
    case(f"l1 {reduction}", [a, b], lambda p, t: F.l1_loss(p, t, reduction=reduction))
    case(f"mse {reduction}", [a, b], lambda p, t: F.mse_loss(p, t, reduction=reduction))
    case(f"smooth_l1 {reduction}", [a, b], lambda p, t: F.smooth_l1_loss(p, t, reduction=reduction, beta=0.7))
    case(f"huber {reduction}", [a, b], lambda p, t: F.huber_loss(p, t, reduction=reduction, delta=0.7))
    case(f"bce {reduction}", [unit, other, torch.rand(4, 5, generator=torch.Generator().manual_seed(3))], lambda p, t, w: F.binary_cross_entropy(p, t, w, reduction=reduction), [0])
    case(f"bce logits {reduction}", [a, other, unit, cw], lambda p, t, w, pw: F.binary_cross_entropy_with_logits(p, t, w, reduction=reduction, pos_weight=pw), [0, 1])
    case(f"kl_div {reduction}", [F.log_softmax(a, 1), F.softmax(b, 1)], lambda p, t: F.kl_div(p, t, reduction=reduction))
    case(f"kl_div log {reduction}", [F.log_softmax(a, 1), F.log_softmax(b, 1)], lambda p, t: F.kl_div(p, t, reduction=reduction, log_target=True))
    case(f"nll {reduction}", [F.log_softmax(a, 1), classes, cw], lambda p, t, w: F.nll_loss(p, t, w, reduction=reduction), [0])
    case(f"nll of places {reduction}", [draw(2, 3, 4), torch.tensor([[0, 2, -100, 1], [1, 1, 0, 2]])], lambda p, t: F.nll_loss(p, t, reduction=reduction), [0])
    case(f"cross_entropy {reduction}", [a, torch.tensor([1, -100, 0, 2]), cw], lambda p, t, w: F.cross_entropy(p, t, w, reduction=reduction, label_smoothing=0.2), [0])
    case(f"cross_entropy of probabilities {reduction}", [draw(2, 3, 4), torch.softmax(draw(2, 3, 4, seed=1), 1), torch.tensor([0.5, 1.0, 2.0])], lambda p, t, w: F.cross_entropy(p, t, w, reduction=reduction, label_smoothing=0.1), [0, 1])
    case(f"poisson {reduction}", [a, torch.tensor([0.0, 1, 2, 3, 4]).expand(4, 5).contiguous()], lambda p, t: F.poisson_nll_loss(p, t, full=True, reduction=reduction), [0])
    case(f"poisson of rates {reduction}", [unit, torch.tensor([0.0, 1, 2, 3, 4]).expand(4, 5).contiguous()], lambda p, t: F.poisson_nll_loss(p, t, log_input=False, reduction=reduction), [0])
    case(f"cosine_embedding {reduction}", [a, b, sign[:, 0]], lambda p, q, t: F.cosine_embedding_loss(p, q, t, margin=0.1, reduction=reduction), [0, 1])
    case(f"margin_ranking {reduction}", [a, b, sign], lambda p, q, t: F.margin_ranking_loss(p, q, t, margin=0.3, reduction=reduction), [0, 1])
    case(f"hinge_embedding {reduction}", [a, sign], lambda p, t: F.hinge_embedding_loss(p, t, margin=0.8, reduction=reduction), [0])
    case(f"soft_margin {reduction}", [a, sign], lambda p, t: F.soft_margin_loss(p, t, reduction=reduction), [0])
    case(f"multilabel_soft_margin {reduction}", [a, (b > 0).double(), cw], lambda p, t, w: F.multilabel_soft_margin_loss(p, t, w, reduction=reduction), [0])
    case(f"multi_margin {reduction}", [a, classes, cw], lambda p, t, w: F.multi_margin_loss(p, t, 2, 0.9, w, reduction=reduction), [0])
    case(f"multi_label_margin {reduction}", [a, torch.tensor([[1, 3, -1, 0, 0], [0, -1, 2, 2, 2], [4, 2, 0, 1, -1], [2, -1, -1, -1, -1]])], lambda p, t: F.multilabel_margin_loss(p, t, reduction=reduction), [0])
    case(f"triplet_margin {reduction}", [a, b, draw(4, 5, seed=2)], lambda p, q, r: F.triplet_margin_loss(p, q, r, margin=0.9, p=3, swap=True, reduction=reduction))
    case(f"triplet_distance {reduction}", [a, b, draw(4, 5, seed=2)], lambda p, q, r: F.triplet_margin_with_distance_loss(p, q, r, margin=1.5, reduction=reduction))

case("cosine_similarity", [draw(3, 4, 2), draw(3, 4, 2, seed=1)], lambda p, q: F.cosine_similarity(p, q, 1))
case("pairwise_distance", [a, b], lambda p, q: F.pairwise_distance(p, q, 2, keepdim=True))
case("pairwise_distance of norm 1", [a, b], lambda p, q: F.pairwise_distance(p, q, 1))
case("normalize", [draw(3, 4, 2)], lambda p: F.normalize(p, 3, 1))
case("bilinear", [draw(4, 3), draw(4, 2), draw(5, 3, 2), draw(5)], F.bilinear)
case("pad constant", [draw(2, 3, 4)], lambda t: F.pad(t, (1, 2, -1, 1), "constant", 0.5))
case("pad reflect", [draw(2, 3, 4)], lambda t: F.pad(t, (2, 3), "reflect"))
case("pad reflect of planes", [draw(1, 2, 3, 4)], lambda t: F.pad(t, (1, 2, 2, 1), "reflect"))
case("pad replicate", [draw(2, 3, 4)], lambda t: F.pad(t, (2, 1), "replicate"))
case("pad circular", [draw(2, 3, 4)], lambda t: F.pad(t, (2, 3), "circular"))
case("group_norm", [draw(2, 6, 3), draw(6), draw(6)], lambda t, w, b: F.group_norm(t, 3, w, b))
case("batch_norm of the batch", [draw(4, 3, 2), draw(3), draw(3)], lambda t, w, b: F.batch_norm(t, None, None, w, b, True))
case("batch_norm of averages", [draw(4, 3), draw(3), torch.rand(3, generator=torch.Generator().manual_seed(3)) + 0.5], lambda t, m, v: F.batch_norm(t, m, v, None, None, False), [0])
case("instance_norm", [draw(2, 3, 5), draw(3), draw(3)], lambda t, w, b: F.instance_norm(t, None, None, w, b))
case("conv1d", [draw(2, 4, 9), draw(6, 2, 3), draw(6)], lambda t, w, b: F.conv1d(t, w, b, 2, 1, 2, 2))
ids = torch.tensor([1, 2, 4, 5, 4, 3, 2, 4])
offsets = torch.tensor([0, 2, 2, 6])
for mode in ("sum", "mean", "max"):
    case(f"embedding_bag {mode}", [ids, offsets, draw(6, 3)], lambda i, o, w: F.embedding_bag(i, w, o, mode=mode, padding_idx=4))
case("embedding_bag weighted", [ids, offsets, draw(6, 3), draw(8)], lambda i, o, w, s: F.embedding_bag(i, w, o, mode="sum", per_sample_weights=s))
case("embedding_bag of rows", [ids.reshape(2, 4), draw(6, 3)], lambda i, w: F.embedding_bag(i, w))
case("embedding by frequency", [ids, draw(6, 3)], lambda i, w: F.embedding(i, w, scale_grad_by_freq=True))
table = draw(6, 3)
tensors["embedding renorm.in0"], tensors["embedding renorm.in1"] = ids, table.clone()
tensors["embedding renorm.out"] = F.embedding(ids, table, max_norm=1.0)

pair = torch.triu(torch.full((5, 5), float("-inf")), 1)
hidden = torch.tensor([[False, False, False, True, True], [False, False, False, False, False]])
q, k = draw(5, 2, 8), draw(4, 2, 8)
module("attention", nn.MultiheadAttention(8, 2), [q], lambda m, t: m(t, t, t, attn_mask=pair, key_padding_mask=hidden, need_weights=False)[0])
module("attention of other sizes", nn.MultiheadAttention(8, 2, kdim=6, vdim=4, add_bias_kv=True, add_zero_attn=True), [q, draw(4, 2, 6), draw(4, 2, 4)], lambda m, t, k, v: m(t, k, v)[0])
module("attention weights", nn.MultiheadAttention(8, 2), [q, k], lambda m, t, k: m(t, k, k)[1])
module("encoder layer", nn.TransformerEncoderLayer(8, 2, 16, 0.0), [q], lambda m, t: m(t, pair, hidden))
small, memory = draw(5, 2, 4), draw(4, 2, 4)
module("encoder", nn.TransformerEncoder(nn.TransformerEncoderLayer(4, 2, 6, 0.0, "gelu"), 2), [small], lambda m, t: m(t, pair))
module("decoder layer", nn.TransformerDecoderLayer(8, 2, 16, 0.0), [q, k], lambda m, t, k: m(t, k, pair))
module("decoder", nn.TransformerDecoder(nn.TransformerDecoderLayer(4, 2, 6, 0.0), 2), [small, memory])
module("transformer", nn.Transformer(4, 2, 1, 1, 6, 0.0), [small, draw(3, 2, 4)], lambda m, s, t: m(s, t, tgt_mask=pair[:3, :3], src_key_padding_mask=hidden, memory_key_padding_mask=hidden))
module("batch norm", nn.BatchNorm1d(3), [draw(4, 3, 2)])
module("batch norm of averages", nn.BatchNorm2d(3, momentum=None), [draw(4, 3, 2, 2)])
module("instance norm with averages", nn.InstanceNorm1d(3, affine=True, track_running_stats=True), [draw(4, 3, 5)])


def optimizer(name, make):
    p = draw(6).requires_grad_()
    o = make([p])
    tensors[f"optim {name}.start"] = p.detach().clone()
    tensors[f"optim {name}.gradients"] = g = draw(8, 6, seed=3)
    after = []
    for k in range(8):
        p.grad = g[k].clone()
        o.step()
        after.append(p.detach().clone())
    tensors[f"optim {name}.after"] = torch.stack(after)


for name, make in {
    "adadelta": lambda p: torch.optim.Adadelta(p, 0.5, weight_decay=0.1),
    "adagrad": lambda p: torch.optim.Adagrad(p, 0.1, 0.05, 0.1, 0.2),
    "adamax": lambda p: torch.optim.Adamax(p, 0.1, weight_decay=0.1),
    # The one-tensor form of 1.13 multiplies by mu twice (mended in 2.0); its many-tensor form is right.
    "nadam": lambda p: torch.optim.NAdam(p, 0.1, weight_decay=0.1, foreach=True),
    "radam": lambda p: torch.optim.RAdam(p, 0.1, (0.8, 0.9), weight_decay=0.1),
    "rmsprop": lambda p: torch.optim.RMSprop(p, 0.1, weight_decay=0.1),
    "rmsprop centered": lambda p: torch.optim.RMSprop(p, 0.1, momentum=0.9, centered=True),
    "rprop": lambda p: torch.optim.Rprop(p, 0.1),
    "asgd": lambda p: torch.optim.ASGD(p, 0.1, lambd=0.01, t0=3, weight_decay=0.1),
    "sgd": lambda p: torch.optim.SGD(p, 0.1, 0.9, weight_decay=0.1, nesterov=True),
    "sgd damped": lambda p: torch.optim.SGD(p, 0.1, 0.9, 0.3, maximize=True),
    "adam amsgrad": lambda p: torch.optim.Adam(p, 0.1, amsgrad=True, maximize=True),
    "adamw amsgrad": lambda p: torch.optim.AdamW(p, 0.1, amsgrad=True, weight_decay=0.1),
}.items():
    optimizer(name, make)

S = torch.optim.lr_scheduler


def schedule(name, make, metrics=None):
    o = torch.optim.SGD([torch.zeros(1, requires_grad=True)], 0.4, 0.9)
    s = make(o)
    rates, momenta = [o.param_groups[0]["lr"]], [o.param_groups[0]["momentum"]]
    for k in range(12):
        o.step()
        s.step() if metrics is None else s.step(metrics[k])
        rates.append(o.param_groups[0]["lr"])
        momenta.append(o.param_groups[0]["momentum"])
    tensors[f"schedule {name}"] = torch.tensor([rates, momenta])


metrics = [5, 4, 4.5, 4.2, 4.1, 4.05, 3, 3.1, 3.2, 3.3, 3.4, 3.5]
for name, make in {
    "StepLR": lambda o: S.StepLR(o, 3, 0.5), "MultiStepLR": lambda o: S.MultiStepLR(o, [2, 5, 6], 0.5), "ExponentialLR": lambda o: S.ExponentialLR(o, 0.8),
    "ConstantLR": lambda o: S.ConstantLR(o, 0.25, 4), "LinearLR": lambda o: S.LinearLR(o, 0.25, 0.8, 5), "PolynomialLR": lambda o: S.PolynomialLR(o, 7, 2),
    "CosineAnnealingLR": lambda o: S.CosineAnnealingLR(o, 5, 0.1), "LambdaLR": lambda o: S.LambdaLR(o, lambda e: 1 / (1 + e)),
    "MultiplicativeLR": lambda o: S.MultiplicativeLR(o, lambda e: 1 - 0.05 * e), "CyclicLR": lambda o: S.CyclicLR(o, 0.1, 0.5, 3, 2, "triangular2"),
    "OneCycleLR": lambda o: S.OneCycleLR(o, 0.5, 14), "OneCycleLR of three phases": lambda o: S.OneCycleLR(o, 0.5, 14, three_phase=True, anneal_strategy="linear"),
    "SequentialLR": lambda o: S.SequentialLR(o, [S.ConstantLR(o, 0.25, 3), S.ExponentialLR(o, 0.8)], [4]),
    "ChainedLR": lambda o: S.ChainedScheduler([S.ConstantLR(o, 0.25, 3), S.ExponentialLR(o, 0.8)]),
}.items():
    schedule(name, make)
schedule("ReduceLROnPlateau", lambda o: S.ReduceLROnPlateau(o, "min", 0.5, 1, 0.01, cooldown=1, min_lr=0.06), metrics)


def save(path):
    header, data = {}, b""
    for name, t in tensors.items():
        t = t.contiguous()
        kind = {torch.float64: "F64", torch.int64: "I64", torch.bool: "BOOL"}[t.dtype]
        raw = t.numpy().tobytes()
        header[name] = {"dtype": kind, "shape": list(t.shape), "data_offsets": [len(data), len(data) + len(raw)]}
        data += raw
    text = json.dumps(header, separators=(",", ":")).encode()
    with open(path, "wb") as f:
        f.write(struct.pack("<Q", len(text)) + text + data)


save(sys.argv[1])

"""Makes bart.json: an encoder-decoder Transformer of PyTorch's own layers (nn.TransformerEncoderLayer and -DecoderLayer, which
are post-LayerNorm as BART's are) under BART's names. Every weight is a formula of its name's place and its index, so that the
test makes the same ones. Run: python3 bart.py > bart.json"""
import json, math
import torch
from torch import nn

V, D, H, F, L, P = 30, 16, 2, 24, 2, 20
torch.manual_seed(0)


def names():
    yield "final_logits_bias", (1, V)
    yield "model.shared.weight", (V, D)
    for stack in ("encoder", "decoder"):
        yield f"model.{stack}.embed_positions.weight", (P + 2, D)
        for i in range(L):
            layer = f"model.{stack}.layers.{i}."
            for part in ("self_attn",) if stack == "encoder" else ("self_attn", "encoder_attn"):
                for projection in ("k_proj", "v_proj", "q_proj", "out_proj"):
                    yield layer + part + "." + projection + ".weight", (D, D)
                    yield layer + part + "." + projection + ".bias", (D,)
                yield layer + part + "_layer_norm.weight", (D,)
                yield layer + part + "_layer_norm.bias", (D,)
            for name, shape in (("fc1", (F, D)), ("fc2", (D, F))):
                yield layer + name + ".weight", shape
                yield layer + name + ".bias", shape[:1]
            yield layer + "final_layer_norm.weight", (D,)
            yield layer + "final_layer_norm.bias", (D,)
        yield f"model.{stack}.layernorm_embedding.weight", (D,)
        yield f"model.{stack}.layernorm_embedding.bias", (D,)


def value(place, shape, norm):
    n = math.prod(shape)
    x = torch.tensor([0.3 * math.sin(0.7 * place + 0.37 * i + 0.01 * (i % 11) * i) for i in range(n)], dtype=torch.float64)
    return (x + (1 if norm else 0)).reshape(shape)


W = {name: value(place, shape, "norm" in name and name.endswith("weight")) for place, (name, shape) in enumerate(names())}


def fill(module, prefix, parts):
    for ours, theirs in parts:
        attention = getattr(module, ours)
        attention.in_proj_weight.data = torch.cat([W[f"{prefix}{theirs}.{p}_proj.weight"] for p in "qkv"])
        attention.in_proj_bias.data = torch.cat([W[f"{prefix}{theirs}.{p}_proj.bias"] for p in "qkv"])
        attention.out_proj.weight.data, attention.out_proj.bias.data = W[f"{prefix}{theirs}.out_proj.weight"], W[f"{prefix}{theirs}.out_proj.bias"]
    norms = [f"{theirs}_layer_norm" for _, theirs in parts] + ["final_layer_norm"]
    for i, name in enumerate(norms, 1):
        norm = getattr(module, f"norm{i}")
        norm.weight.data, norm.bias.data = W[prefix + name + ".weight"], W[prefix + name + ".bias"]
    for ours, theirs in (("linear1", "fc1"), ("linear2", "fc2")):
        linear = getattr(module, ours)
        linear.weight.data, linear.bias.data = W[prefix + theirs + ".weight"], W[prefix + theirs + ".bias"]
    return module.double().eval()


options = dict(dim_feedforward=F, dropout=0.0, activation="gelu", batch_first=True)
encoder = [fill(nn.TransformerEncoderLayer(D, H, **options), f"model.encoder.layers.{i}.", [("self_attn", "self_attn")]) for i in range(L)]
decoder = [fill(nn.TransformerDecoderLayer(D, H, **options), f"model.decoder.layers.{i}.", [("self_attn", "self_attn"), ("multihead_attn", "encoder_attn")]) for i in range(L)]


def embed(stack, ids):
    x = W["model.shared.weight"][ids] + W[f"model.{stack}.embed_positions.weight"][2 : 2 + len(ids)]
    return nn.functional.layer_norm(x, (D,), W[f"model.{stack}.layernorm_embedding.weight"], W[f"model.{stack}.layernorm_embedding.bias"])[None]


def logits(prompt, response, causal, seen=None):
    x = embed("encoder", torch.tensor(prompt))
    padding = None if seen is None else torch.tensor([[not s for s in seen]])
    for layer in encoder:
        # The layers' fast path leaves padded rows out; the mask as numbers keeps to the other.
        mask = None if padding is None else torch.zeros(len(prompt), len(prompt), dtype=torch.float64).masked_fill(padding[0][None], -math.inf)
        x = layer(x, src_mask=mask)
    y = embed("decoder", torch.tensor(response))
    n = len(response)
    mask = torch.triu(torch.full((n, n), -math.inf, dtype=torch.float64), 1) if causal else None
    for layer in decoder:
        y = layer(y, x, tgt_mask=mask, memory_key_padding_mask=padding)
    return nn.functional.linear(y[0], W["model.shared.weight"], W["final_logits_bias"][0])


canvases = [([0, 5, 9, 12, 2], [29, 7, 29, 2]), ([0, 14, 2], [29, 29, 8, 21, 29, 2]), ([0, 3, 4, 4, 5, 6], [2]), ([0, 11, 2, 13], [9, 29, 2])]
own = ([0, 6, 17, 17, 23, 2, 1], [1, 1, 1, 1, 1, 1, 0])
with torch.no_grad():
    rounded = lambda t: [[round(v, 7) for v in row] for row in t.tolist()]
    print(json.dumps({
        "canvases": [{"prompt": p, "response": r, "full": rounded(logits(p, r, False)), "causal": rounded(logits(p, r, True))} for p, r in canvases],
        "own": {"input_ids": own[0], "attention_mask": own[1], "logits": rounded(logits(own[0], [2] + own[0][:-1], True, own[1]))},
    }))

"""The length predictor: a post-norm encoder layer over the prompt's states, their mean, two projections."""
import math

import torch
import torch.nn.functional as F

LAYER = "length_trm.layers.0."


class LengthPredictor:
    def __init__(self, weights, heads):
        self.weights, self.heads = weights, heads

    def affine(self, x, name):
        return F.linear(x, self.weights[name + ".weight"], self.weights[name + ".bias"])

    def norm(self, x, name):
        weight = self.weights[LAYER + name + ".weight"]
        return F.layer_norm(x, weight.shape, weight, self.weights[LAYER + name + ".bias"], 1e-5)

    def logits(self, states, seen):
        b, n, d = states.shape
        joint = F.linear(states, self.weights[LAYER + "self_attn.in_proj_weight"], self.weights[LAYER + "self_attn.in_proj_bias"])
        query, key, value = (part.view(b, n, self.heads, d // self.heads).transpose(1, 2) for part in joint.chunk(3, -1))
        scores = (query @ key.transpose(-1, -2) / math.sqrt(d // self.heads)).masked_fill(~seen[:, None, None, :], -math.inf)
        context = (F.softmax(scores, -1) @ value).transpose(1, 2).reshape(b, n, d)
        x = self.norm(states + self.affine(context, LAYER + "self_attn.out_proj"), "norm1")
        x = self.norm(x + self.affine(F.relu(self.affine(x, LAYER + "linear1")), LAYER + "linear2"), "norm2")
        present = seen.float()[:, :, None]
        mean = (x * present).sum(1) / present.sum(1)
        return self.affine(torch.tanh(self.affine(mean, "length_predictor.0")), "length_predictor.2")

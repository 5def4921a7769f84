"""XLM-R with its masked-language-model head, over a dictionary of Hugging Face's tensor names."""
import math

import torch
import torch.nn.functional as F

LAYER = "roberta.encoder.layer."


class XlmRoberta:
    def __init__(self, weights, layers, heads, epsilon, dropout):
        self.weights, self.layers, self.heads, self.epsilon, self.dropout = weights, layers, heads, epsilon, dropout
        self.training = False

    def parameters(self):
        return list(self.weights.values())

    def affine(self, x, name):
        return F.linear(x, self.weights[name + ".weight"], self.weights[name + ".bias"])

    def norm(self, x, name):
        weight = self.weights[name + ".weight"]
        return F.layer_norm(x, weight.shape, weight, self.weights[name + ".bias"], self.epsilon)

    def drop(self, x):
        return F.dropout(x, self.dropout, True) if self.training and self.dropout > 0 else x

    def embed(self, ids):
        n = ids.shape[1]
        place = self.weights["roberta.embeddings.position_embeddings.weight"][2:2 + n] + self.weights["roberta.embeddings.token_type_embeddings.weight"][0]
        words = F.embedding(ids, self.weights["roberta.embeddings.word_embeddings.weight"])
        return self.drop(self.norm(words + place, "roberta.embeddings.LayerNorm"))

    def attend(self, x, bias, layer):
        b, n, d = x.shape
        part = LAYER + str(layer) + ".attention.self."
        query, key, value = (self.affine(x, part + name).view(b, n, self.heads, d // self.heads).transpose(1, 2) for name in ("query", "key", "value"))
        scores = query @ key.transpose(-1, -2) / math.sqrt(d // self.heads)
        if bias is not None:
            scores = scores + bias
        return (self.drop(F.softmax(scores, -1)) @ value).transpose(1, 2).reshape(b, n, d)

    def finish(self, x, context, layer):
        name = LAYER + str(layer)
        x = self.norm(x + self.drop(self.affine(context, name + ".attention.output.dense")), name + ".attention.output.LayerNorm")
        inner = F.gelu(self.affine(x, name + ".intermediate.dense"))
        return self.norm(x + self.drop(self.affine(inner, name + ".output.dense")), name + ".output.LayerNorm")

    def hidden(self, ids, seen, rows=None):
        """The last hidden states: of all positions, or of some of them alone, as ours does it."""
        bias = torch.zeros(seen.shape).masked_fill_(~seen, -math.inf)[:, None, None, :]
        x = self.embed(ids)
        for layer in range(self.layers):
            context = self.attend(x, bias, layer)
            if rows is not None and layer == self.layers - 1:
                x, context = (t.reshape(-1, t.shape[-1]).index_select(0, rows) for t in (x, context))
            x = self.finish(x, context, layer)
        return x

    def logits(self, x):
        x = self.norm(F.gelu(self.affine(x, "lm_head.dense")), "lm_head.layer_norm")
        return F.linear(x, self.weights["roberta.embeddings.word_embeddings.weight"], self.weights["lm_head.bias"])

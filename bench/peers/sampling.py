"""The generator of Ye et al. 2023 as it was published: length beam, then S steps over whole canvases, each of them a forward
pass of all candidates and a log-softmax over the vocabulary at every position."""
import json
import math
import os

import torch
import torch.nn.functional as F

import tensors
from length_predictor import LengthPredictor
from xlm_roberta import XlmRoberta

ITEMS = 16  # of a batch, times the beam
KEEP = 1000.0  # the score of what is no slot


class Generator:
    def __init__(self, settings):
        folder = settings["model"]
        with open(os.path.join(folder, "config.json")) as file:
            config = json.load(file)
        self.specials = settings["specials"]
        epsilon, heads = config["layer_norm_eps"], config["num_attention_heads"]
        self.model = XlmRoberta(tensors.load(os.path.join(folder, "model.safetensors")), config["num_hidden_layers"], heads, epsilon, 0.0)
        self.predictor = LengthPredictor(tensors.load(os.path.join(folder, "length_predictor.safetensors")), heads)
        self.positions = config["max_position_embeddings"] - config["pad_token_id"] - 1
        self.steps, self.beam, self.prompts = settings["steps"], settings["beam"], settings["prompts"]

    def run(self):
        """Batches hold items of like length."""
        order = sorted(range(len(self.prompts)), key=lambda i: len(self.prompts[i]))
        self.found = [None] * len(order)
        with torch.no_grad():
            for start in range(0, len(order), ITEMS):
                chosen = order[start:start + ITEMS]
                for i, ids in zip(chosen, self.batch([self.prompts[i] for i in chosen])):
                    self.found[i] = ids

    def tell(self):
        return {"ids": self.found}

    def pad(self, rows):
        width = max(map(len, rows))
        ids = torch.tensor([row + [self.specials["pad"]] * (width - len(row)) for row in rows])
        seen = torch.arange(width)[None, :] < torch.tensor([len(row) for row in rows])[:, None]
        return ids, seen

    def batch(self, prompts):
        ids, seen = self.pad(prompts)
        logits = self.predictor.logits(self.model.hidden(ids, seen), seen)
        classes = logits.topk(min(self.beam, logits.shape[1])).indices
        rows, lengths = [], []
        for prompt, best in zip(prompts, classes.tolist()):
            for c in best:
                length = min(c + 1, self.positions - len(prompt) - 1)
                lengths.append(length)
                rows.append(prompt + [self.specials["mask"]] * length + [self.specials["eos"]])
        tokens, scores, slots = self.denoise(*self.pad(rows), torch.tensor(lengths))
        means = scores.masked_fill(~slots, 0).sum(1) / slots.sum(1)
        best = means.view(len(prompts), -1).argmax(1)
        beam = len(rows) // len(prompts)
        return [tokens[i * beam + b][slots[i * beam + b]].tolist() for i, b in enumerate(best.tolist())]

    def denoise(self, tokens, seen, lengths):
        mask = self.specials["mask"]
        slots = tokens == mask
        scores = torch.full(tokens.shape, -math.inf)
        noise = slots.clone()
        for step in range(1, self.steps + 1):
            logits = self.model.logits(self.model.hidden(tokens, seen))
            logits[..., mask] = -math.inf
            score, token = F.log_softmax(logits, -1).max(-1)
            rate = math.cos(math.pi / 2 * step / self.steps) if step < self.steps else 0.0
            count = (lengths.float() * rate).long()
            ranked = score.masked_fill(~slots, KEEP)
            cutoff = ranked.sort(-1).values.gather(1, count[:, None])
            low = ranked < cutoff
            back = low & slots
            written = noise & ~low
            tokens = torch.where(written, token, torch.where(back, mask, tokens))
            scores = torch.where(written, score, scores.masked_fill(back, -math.inf))
            noise = back
        return tokens, scores, slots


CASES = {"sample": Generator}

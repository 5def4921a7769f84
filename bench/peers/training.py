"""Training steps and forward passes of XLM-R, on the weights and the batch of a file."""
import time

import torch
import torch.nn.functional as F

import tensors
from xlm_roberta import XlmRoberta


def build(settings, trains):
    found = tensors.load(settings["file"])
    batch = {name: found.pop(name) for name in ("ids", "masked", "targets")}
    if trains:
        for weight in found.values():
            weight.requires_grad_(True)
    model = XlmRoberta(found, settings["layers"], settings["heads"], settings["epsilon"], settings["dropout"])
    model.training = trains
    return model, batch


class Step:
    """forward, backward, clip, AdamW; tells the seconds of each in the last step, and its loss."""

    def __init__(self, settings):
        torch.manual_seed(1)
        self.model, self.batch = build(settings, True)
        self.optimizer = torch.optim.AdamW(self.model.parameters(), lr=settings["rate"], betas=(0.9, 0.98), eps=1e-8, weight_decay=0.01)  # foreach=True measured slower

    def run(self):
        clock = [time.perf_counter()]
        self.optimizer.zero_grad(set_to_none=True)
        seen = torch.ones_like(self.batch["ids"], dtype=torch.bool)
        rows = self.model.hidden(self.batch["ids"], seen, self.batch["masked"])
        loss = F.cross_entropy(self.model.logits(rows), self.batch["targets"])
        clock.append(time.perf_counter())
        loss.backward()
        clock.append(time.perf_counter())
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        clock.append(time.perf_counter())
        self.optimizer.step()
        clock.append(time.perf_counter())
        self.loss = loss.item()
        self.phases = [b - a for a, b in zip(clock, clock[1:])]

    def tell(self):
        return {"loss": self.loss, "phases": self.phases}


class Forward:
    """The logits of all positions."""

    def __init__(self, settings):
        self.model, self.batch = build(settings, False)

    def run(self):
        with torch.no_grad():
            seen = torch.ones_like(self.batch["ids"], dtype=torch.bool)
            self.logits = self.model.logits(self.model.hidden(self.batch["ids"], seen))

    def tell(self):
        return {"sum": self.logits.double().abs().sum().item()}


CASES = {"step": Step, "forward": Forward}

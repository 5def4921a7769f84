"""Reads safetensors files: a length, a JSON header, the bytes."""
import json

import numpy
import torch

TYPES = {"F32": numpy.float32, "I64": numpy.int64}


def load(path):
    with open(path, "rb") as file:
        size = int.from_bytes(file.read(8), "little")
        header = json.loads(file.read(size))
        data = file.read()
    found = {}
    for name, info in header.items():
        if name == "__metadata__":
            continue
        start, end = info["data_offsets"]
        values = numpy.frombuffer(data[start:end], dtype=TYPES[info["dtype"]]).reshape(info["shape"])
        found[name] = torch.from_numpy(values.copy())
    return found

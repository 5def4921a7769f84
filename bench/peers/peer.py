"""The peer of the benchmarks: PyTorch cases, driven by JSON lines on standard input, one answer a line."""
import json
import os
import sys
import time
import traceback

import torch

import ops
import sampling
import training

FAMILIES = [ops, sampling, training]


def describe():
    kernels = os.environ.get("OPENBLAS_CORETYPE", "automatic")
    return f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads, OpenBLAS kernels {kernels}"


def prepare(name, settings):
    for family in FAMILIES:
        if name in family.CASES:
            return family.CASES[name](settings)
    raise KeyError(f"no case {name}")


def run(case, count, tell):
    """A case is an object whose run() does the work once; tell() says what came of it."""
    start = time.perf_counter()
    for _ in range(count):
        case.run()
    seconds = time.perf_counter() - start
    return {"seconds": seconds, **(case.tell() if tell else {})}


def main():
    case = None
    out = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # Whatever a library prints must not stand between the answers.
    for line in sys.stdin:
        request = json.loads(line)
        try:
            if "hello" in request:
                torch.set_num_threads(request["hello"])
                answer = {"description": describe()}
            elif "prepare" in request:
                case = None  # Its memory goes before the next one's comes.
                case = prepare(request["prepare"], request["with"])
                answer = {}
            else:
                answer = run(case, request["run"], request["tell"])
            out.write(json.dumps({"ok": answer}) + "\n")
        except Exception:
            out.write(json.dumps({"error": traceback.format_exc()}) + "\n")


main()

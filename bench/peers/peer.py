"""The peer of the engine's benchmarks: PyTorch cases."""
import os

import torch

import driver
import ops
import sampling
import training


def hello(threads):
    torch.set_num_threads(threads)
    kernels = os.environ.get("OPENBLAS_CORETYPE", "automatic")
    return f"PyTorch {torch.__version__}, {torch.get_num_threads()} threads, OpenBLAS kernels {kernels}"


driver.serve(hello, {**ops.CASES, **sampling.CASES, **training.CASES})

"""Where tests of kernels run: on the simulator, or with NUMIR_TEST_GPU=1 on a GPU."""

import os

ON_GPU = os.environ.get("NUMIR_TEST_GPU") == "1"
TARGET = "cuda" if ON_GPU else "cuda-sim"

# What `cuda.jit` is told so.
SIM = {"target": TARGET}

"""Where `numir.cuda` runs kernels: on the GPU, or on the simulator."""

from numir import config


def target():
    """The target of what is compiled for `numir.cuda`: "cuda", or "cuda-sim" where NUMIR_ENABLE_CUDASIM=1 is set."""
    return "cuda-sim" if config.ENABLE_CUDASIM else "cuda"

"""Where kernels run: on a GPU, or on the simulator."""


def target():
    """What kernels are compiled for where nothing is said."""
    return "cuda"

"""The product that kernels are recorded of."""


def product(a, b):
    return a @ b

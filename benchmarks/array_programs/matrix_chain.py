"""A chain of products with a sum at its end."""


def arguments(random):
    return tuple(random.random((400, 400)) for _ in range(4))


def program(a, b, c, d):
    return a @ b @ c + d

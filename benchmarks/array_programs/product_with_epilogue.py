"""alpha A B + beta C, as BLAS has it."""


def arguments(random):
    return 1.5, random.random((512, 512)), random.random((512, 512)), 0.5, random.random((512, 512))


def program(alpha, a, b, beta, c):
    return alpha * (a @ b) + beta * c

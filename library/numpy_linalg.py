"""numpy.linalg: its public names."""

from _numpy_linalg_decompositions import cholesky, eig, eigh, eigvals, eigvalsh, qr, svd, svdvals
from _numpy_linalg_norms import cond, matrix_norm, norm, vector_norm
from _numpy_linalg_products import (
    diagonal,
    matmul,
    matrix_power,
    matrix_transpose,
    multi_dot,
    tensorinv,
    tensorsolve,
    trace,
    vecdot,
)
from _numpy_linalg_solutions import det, inv, lstsq, matrix_rank, pinv, slogdet, solve
from _numpy_products import cross, outer, tensordot

# run: f
# error: TypingError: float64[::1] has no attribute 'shap' that numir compiles
# line: 12
# marks: np.zeros(3).shap
# help: did you mean `shape`?
import numpy as np
from numir import njit


@njit
def f():
    return np.zeros(3).shap

# run: f 1.0
# error: ImportError: cannot import name 'sine' from 'math'
# line: 6
# marks: from math import sine
# help: did you mean `sin`?
from math import sine

from numir import njit


@njit
def f(x: float):
    return sine(x)

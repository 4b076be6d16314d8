# run: f 1
# error: SyntaxError: unexpected indent
# line: 10
from numir import njit


@njit
def f(x):
    y = x
      return y

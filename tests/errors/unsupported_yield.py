# run: f 3
# error: UnsupportedError: generators and coroutines are not compiled yet
# line: 10
from numir import njit


@njit
def f(n: int):
    for i in range(n):
        yield i

# run: f 3
# error: UnsupportedError:
# line: 8
from numir import njit


@njit
async def f(n: int):
    return n

# run: f 1
# error: TypingError: `name` is the string 'one' on one way to this place and the string 'two' on another
# line: 12
# marks: name
# help: strings are known when the function is compiled
from numir import njit


@njit
def f(x: int):
    if x > 0:
        name = "one"
    else:
        name = "two"
    return name

# run: f 3
# error: SyntaxError: closing parenthesis ']' does not match opening parenthesis '('
# line: 10
# marks: ]
from numir import njit


@njit
def f(n):
    return (n + 1]

"""Queens that do not meet: counted by bit masks, found by trying; and a sudoku by the same means."""

import numpy as np
from numir import njit


@njit
def count(free: int, columns: int, left: int, right: int):
    """In how many ways the rows that are left can be filled."""
    if columns == free:
        return 1
    ways = 0
    places = free & ~(columns | left | right)
    while places:
        bit = places & -places
        places ^= bit
        ways += count(free, columns | bit, (left | bit) << 1, (right | bit) >> 1)
    return ways


@njit
def solutions(n: int):
    """How many ways there are on a board of n by n."""
    return count((1 << n) - 1, 0, 0, 0)


@njit
def place(queens, row):
    """Fill the rows from `row` on; whether that worked."""
    n = len(queens)
    if row == n:
        return True
    for column in range(n):
        for above in range(row):
            if queens[above] == column or abs(queens[above] - column) == row - above:
                break
        else:
            queens[row] = column
            if place(queens, row + 1):
                return True
    return False


@njit
def fits(board, row, column, digit):
    """Whether a digit may stand there."""
    if any_equal(board[row], digit) or any_equal(board[:, column], digit):
        return False
    top, left = row // 3 * 3, column // 3 * 3
    return not any_equal(board[top : top + 3, left : left + 3].ravel(), digit)


@njit
def any_equal(cells, digit):
    """Whether one of the cells holds the digit."""
    for cell in cells:
        if cell == digit:
            return True
    return False


@njit
def sudoku(board):
    """Fill the cells that are 0, in place; whether there is a way."""
    for row in range(9):
        for column in range(9):
            if board[row, column] == 0:
                for digit in range(1, 10):
                    if fits(board, row, column, digit):
                        board[row, column] = digit
                        if sudoku(board):
                            return True
                        board[row, column] = 0
                return False
    return True


@njit
def first_solution(n: int):
    """The first placement in order; an error if there is none."""
    queens = np.full(n, -1, np.int8)
    if not place(queens, 0):
        raise ValueError("there is no solution")
    return queens

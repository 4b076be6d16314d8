"""Cases of queens.py."""

SUDOKU = "530070000600195000098000060800060003400803001700020006060000280000419005000080079"


def cases(np):
    board = np.array([int(digit) for digit in SUDOKU], np.uint8).reshape(9, 9)
    impossible = board.copy()
    impossible[0, 2:4] = 1, 2
    impossible[0, 5:9] = 4, 6, 8, 9
    return [
        ("solutions", (7,), 0),
        ("first_solution", (8,), 0),
        ("first_solution", (3,), 0),
        ("sudoku", (board,), 0),
        ("sudoku", (impossible,), 0),
    ]

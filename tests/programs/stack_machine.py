"""A small machine with a stack whose programs are arrays of numbers; and one with a tape."""

import numpy as np
from numir import int64, njit

PUSH, ADD, SUB, MUL, DUP, SWAP, JUMP, BRANCH, STORE, LOAD, HALT = range(11)


@njit
def run(program: int64[:], limit: int = 10_000):
    """The top of the stack at the end, and how many steps it took."""
    stack = np.zeros(16, np.int64)
    memory = np.zeros(8, np.int64)
    top, at = 0, 0
    for step in range(limit):
        match program[at]:
            case 0:
                stack[top] = program[at + 1]
                top, at = top + 1, at + 2
                continue
            case 1 | 2 | 3 as operation:
                a, b = stack[top - 2], stack[top - 1]
                top -= 1
                stack[top - 1] = a + b if operation == 1 else a - b if operation == 2 else a * b
            case 4:
                stack[top] = stack[top - 1]
                top += 1
            case 5:
                stack[top - 1], stack[top - 2] = stack[top - 2], stack[top - 1]
            case 6:
                at = program[at + 1]
                continue
            case 7:
                top -= 1
                at = program[at + 1] if stack[top] != 0 else at + 2
                continue
            case 8:
                top -= 1
                memory[program[at + 1]] = stack[top]
                at += 1
            case 9:
                stack[top] = memory[program[at + 1]]
                top += 1
                at += 1
            case 10:
                return stack[top - 1], step
            case _:
                raise ValueError("there is no such instruction")
        at += 1
    raise RuntimeError("the program does not end")


@njit
def tape(code, cells: int):
    """Eight instructions on a tape of bytes, given by their characters; what the tape holds at the end."""
    memory = np.zeros(cells, np.uint8)
    place, at = 0, 0
    while at < len(code):
        c = code[at]
        if c == 62:
            place += 1
        elif c == 60:
            place -= 1
        elif c == 43:
            memory[place] += 1
        elif c == 45:
            memory[place] -= 1
        elif (c == 91 and memory[place] == 0) or (c == 93 and memory[place] != 0):
            step = 1 if c == 91 else -1
            depth = step
            while depth != 0:
                at += step
                if code[at] == 91:
                    depth += 1
                elif code[at] == 93:
                    depth -= 1
        at += 1
    return memory

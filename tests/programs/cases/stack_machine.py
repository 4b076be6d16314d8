"""Cases of stack_machine.py."""


def cases(np):
    factorial = [0, 10, 8, 0, 0, 1, 8, 1, 9, 1, 9, 0, 3, 8, 1, 9, 0, 0, 1, 2, 4, 8, 0, 7, 8, 9, 1, 10]
    bytes_of = lambda text: np.frombuffer(text, np.uint8).copy()  # noqa: E731
    return [
        ("run", (np.array(factorial),), 0),
        ("run", (np.array([6, 0]),), 0),
        ("run", (np.array([0, 3, 99]),), 0),
        ("run", (np.array([0, 3]),), 0),
        ("tape", (bytes_of(b"++++++[>+++++++<-]>."), 4), 0),
        ("tape", (bytes_of(b"-[>>+<<-]"), 4), 0),
        ("tape", (bytes_of(b"+>+>+"), 2), 0),
    ]

"""Cases of sorting.py."""


def cases(np):
    rng = np.random.default_rng(14)
    numbers = rng.normal(size=50)
    short = rng.integers(-100, 100, 40).astype(np.int16)
    return [
        ("insertion_sort", (numbers,), 0),
        ("insertion_sort", (short[::-3],), 0),
        ("quicksort", (numbers,), 0),
        ("quicksort", (short,), 0),
        ("heapsort", (numbers[::2],), 0),
        ("heapsort", (short,), 0),
        ("merge_sort", (numbers,), 0),
        ("merge_sort", (short[:0],), 0),
        ("counting_sort", (rng.integers(0, 256, 60).astype(np.uint8),), 0),
    ]

"""numir's functions of the threads of parallel loops, in compiled code, and what `with` statements enter."""

from numir.intrinsics import threads


def get_thread_id():
    return threads("number")


def get_num_threads():
    return threads("count")


def set_num_threads(n: int):
    if n < 1:
        raise ValueError("The number of threads must be at least 1")
    if threads("set_count", n) == 0:
        raise ValueError("The number of threads is more than there are")


def get_parallel_chunksize():
    return threads("chunk_size")


def set_parallel_chunksize(n: int):
    if n < 0:
        raise ValueError("chunksize must be greater than or equal to zero")
    return threads("set_chunk_size", n)


def _enter_chunksize(n: int):
    if n < 0:
        raise ValueError("chunksize must be greater than or equal to zero")
    return threads("enter_chunk_size", n)


def _leave_chunksize():
    threads("leave_chunk_size")


def _enter_errstate():
    # Compiled code neither raises nor reports NumPy's arithmetic errors: there is nothing to be set.
    return None


def _leave_errstate():
    return None

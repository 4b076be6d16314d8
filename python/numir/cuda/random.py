"""Random numbers in kernels: xoroshiro128+, with a state for each thread."""

import numpy as np

from numir import njit
from numir.cuda._intrinsics import RANDOM as _RANDOM

globals().update(_RANDOM)

__all__ = [*_RANDOM, "create_xoroshiro128p_states", "init_xoroshiro128p_states", "xoroshiro128p_dtype"]

xoroshiro128p_dtype = np.dtype([("s0", np.uint64), ("s1", np.uint64)], align=True)


_init = _RANDOM["init_xoroshiro128p_state"]
_jump = _RANDOM["xoroshiro128p_jump"]


@njit
def _fill(states, seed, subsequence_start):
    """Each state 2**64 draws behind the one before."""
    if states.size == 0:
        return
    _init(states, 0, seed)
    for _ in range(subsequence_start):
        _jump(states, 0)
    for place in range(1, states.size):
        states[place]["s0"] = states[place - 1]["s0"]
        states[place]["s1"] = states[place - 1]["s1"]
        _jump(states, place)


def _states(count, seed, subsequence_start):
    states = np.empty(count, xoroshiro128p_dtype)
    _fill(states, np.uint64(seed), subsequence_start)
    return states


def init_xoroshiro128p_states(states, seed, subsequence_start=0, stream=0):
    """Seed the states of an array on the device: each begins 2**64 draws behind the one before."""
    states.copy_to_device(_states(states.shape[0], seed, subsequence_start), stream=stream)


def create_xoroshiro128p_states(n, seed, subsequence_start=0, stream=0):
    """An array on the device with the states of `n` generators, seeded."""
    from numir import cuda

    return cuda.to_device(_states(n, seed, subsequence_start), stream=stream)

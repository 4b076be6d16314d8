"""numir.cuda.random: a generator for each thread, xoroshiro128+ of Blackman and Vigna ("Scrambled linear pseudorandom number generators",
2018), whose states lie 2**64 draws apart; seeded by SplitMix64. The numbers are Numba's."""

from math import cos, log, pi, sqrt

import numpy as np


def _rotated(x, bits):
    return (x << np.uint64(bits)) | (x >> np.uint64(64 - bits))


def init_xoroshiro128p_state(states, index, seed):
    z = np.uint64(seed) + np.uint64(0x9E3779B97F4A7C15)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    z = z ^ (z >> np.uint64(31))
    states[index]["s0"] = z
    states[index]["s1"] = z


def xoroshiro128p_next(states, index):
    s0, s1 = states[index]["s0"], states[index]["s1"]
    result = s0 + s1
    s1 = s1 ^ s0
    states[index]["s0"] = _rotated(s0, 55) ^ s1 ^ (s1 << np.uint64(14))
    states[index]["s1"] = _rotated(s1, 36)
    return result


def xoroshiro128p_jump(states, index):
    s0, s1 = np.uint64(0), np.uint64(0)
    for word in (np.uint64(0xBEAC0467EBA5FACB), np.uint64(0xD86B048B86AA9922)):
        for bit in range(64):
            if word & (np.uint64(1) << np.uint64(bit)) != np.uint64(0):
                s0 = s0 ^ states[index]["s0"]
                s1 = s1 ^ states[index]["s1"]
            xoroshiro128p_next(states, index)
    states[index]["s0"] = s0
    states[index]["s1"] = s1


def uint64_to_unit_float64(x):
    return np.float64(np.uint64(x) >> np.uint64(11)) * np.float64(1.0 / (1 << 53))


def uint64_to_unit_float32(x):
    return np.float32(uint64_to_unit_float64(x))


def xoroshiro128p_uniform_float32(states, index):
    return uint64_to_unit_float32(xoroshiro128p_next(states, index))


def xoroshiro128p_uniform_float64(states, index):
    return uint64_to_unit_float64(xoroshiro128p_next(states, index))


def xoroshiro128p_normal_float32(states, index):
    return np.float32(
        _normal(xoroshiro128p_uniform_float32(states, index), xoroshiro128p_uniform_float32(states, index))
    )


def xoroshiro128p_normal_float64(states, index):
    return _normal(xoroshiro128p_uniform_float64(states, index), xoroshiro128p_uniform_float64(states, index))


def _normal(one, other):
    # Box and Muller's; the other of the two numbers is not used.
    return sqrt(-2.0 * log(one)) * cos(2.0 * pi * other)

"""Elementary functions by Numba and by numir, in one run: nanoseconds per item, and Numba's time in numir's.

python benchmarks/elementary.py [--items N] [NAME...]
"""

import argparse
import importlib
import linecache
import time

import numpy as np

NAMES = "exp exp2 expm1 log log2 log10 log1p sin cos tan sinh cosh tanh asin acos atan asinh acosh atanh cbrt pow atan2 hypot"
NUMPY = {
    "asin": "arcsin",
    "acos": "arccos",
    "atan": "arctan",
    "asinh": "arcsinh",
    "acosh": "arccosh",
    "atanh": "arctanh",
}
NUMPY |= {"atan2": "arctan2"}
RANGES = {"asin": (-1, 1), "acos": (-1, 1), "atanh": (-1, 1), "acosh": (1, 100), "pow": (0.1, 10)}
BINARY = {"pow", "atan2", "hypot"}
ROUNDS = 5


def programs(package, name):
    """A loop with `math`'s function, and an array expression with NumPy's."""
    arguments = "a[i], b[i]" if name in BINARY else "a[i]"
    whole = "a, b" if name in BINARY else "a"
    scope = {"math": importlib.import_module("math"), "np": np}
    item = f"np.cbrt({arguments})" if name == "cbrt" else f"math.{name}({arguments})"
    text = f"def loop(a, b, out):\n    for i in range(len(a)):\n        out[i] = {item}\n"
    text += f"def whole(a, b, out):\n    out[:] = np.{NUMPY.get(name, name)}({whole})\n"
    file = f"<{package} {name}>"
    # Where the source is looked for.
    linecache.cache[file] = (len(text), None, text.splitlines(keepends=True), file)
    exec(compile(text, file, "exec"), scope)
    njit = importlib.import_module(package).njit
    return {kind: njit(scope[kind]) for kind in ("loop", "whole")}


def once(function, arguments, repeat):
    began = time.perf_counter()
    for _ in range(repeat):
        function(*arguments)
    return (time.perf_counter() - began) / repeat


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--items", type=int, default=10_000)
    parser.add_argument("names", nargs="*", default=NAMES.split())
    options = parser.parse_args()
    print(f"{options.items} items; nanoseconds per item, numir | Numba | Numba / numir")
    print(
        f"{'':8}"
        + "".join(f"{f'{kind} {dtype}':>26}" for dtype in ("float64", "float32") for kind in ("loop", "array"))
    )
    for name in options.names:
        both = {package: programs(package, name) for package in ("numir", "numba")}
        cells = []
        for dtype in (np.float64, np.float32):
            random = np.random.default_rng(0)
            a = random.uniform(*RANGES.get(name, (0.01, 10)), options.items).astype(dtype)
            b = random.uniform(-3, 3, options.items).astype(dtype)
            for kind in ("loop", "whole"):
                arguments = (a, b, np.empty_like(a))
                repeat = max(1, int(5e5 / options.items))
                best = {package: np.inf for package in both}
                for _ in range(ROUNDS):
                    for package, functions in both.items():
                        best[package] = min(
                            best[package], once(functions[kind], arguments, repeat) / options.items * 1e9
                        )
                mine, numbas = best["numir"], best["numba"]
                cells.append(f"{mine:8.2f} |{numbas:6.2f} |{numbas / mine:5.1f}")
        print(f"{name:8}" + "".join(f"{cell:>26}" for cell in cells), flush=True)


if __name__ == "__main__":
    main()

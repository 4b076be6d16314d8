"""What calls cost: entering compiled code, the import, the first call, compiled or from disk, many small functions; beside Numba in the same run.

python benchmarks/calls.py
"""

import importlib.util
import subprocess
import sys
import textwrap
import timeit

REPEATS = 15


def per_call(function, arguments):
    """Nanoseconds of the fastest of several runs, above a Python function that does nothing."""

    def nothing(*_):
        return None

    names = {f"a{place}": value for place, value in enumerate(arguments)}
    text = f"f({', '.join(names)})"

    def fastest(callable):
        timer = timeit.Timer(text, globals={"f": callable, **names})
        count = max(timer.autorange()[0] // 4, 1)
        return min(timer.repeat(REPEATS, count)) / count * 1e9

    function(*arguments)
    return fastest(function) - fastest(nothing)


def calls(package):
    """What a call costs for some kinds of arguments."""
    import numpy as np

    njit = importlib.import_module(package).njit

    @njit
    def number(x):
        return x

    @njit
    def array(a):
        return a[0]

    @njit
    def eight(a, b, c, d, e, f, g, h):
        return a[0] + h[0]

    ones = np.ones(10)
    print(f"one float    {per_call(number, (1.0,)):8.0f} ns")
    print(f"one array    {per_call(array, (ones,)):8.0f} ns")
    print(f"eight arrays {per_call(eight, [ones] * 8):8.0f} ns")


IMPORT = """
    import numpy, time
    began = time.perf_counter()
    import {package}
    print((time.perf_counter() - began) * 1e3)
"""

FIRST = """
    import numpy, time
    from {package} import njit

    @njit
    def smooth(a, n):
        total = 0.0
        for step in range(n):
            for i in range(1, a.size - 1):
                left = a[i - 1]
                right = a[i + 1]
                if left > right:
                    left, right = right, left
                a[i] = (left + 2.0 * a[i] + right) / 4.0
                total += a[i]
        return total

    data = numpy.ones(100)
    began = time.perf_counter()
    smooth(data, 2)
    print((time.perf_counter() - began) * 1e3)
"""

# Of several runs the later ones find it on disk.
CACHED = FIRST.replace("@njit", "@njit(cache=True)")

MANY = """
    import numpy, time
    from {package} import njit

    @njit
    def f0(x):
        return x * 1.5 + 1.0

    {functions}

    @njit
    def opened(x):
        return x

    opened(1.0)
    began = time.perf_counter()
    f0(1.0)
    one = time.perf_counter() - began
    began = time.perf_counter()
    f{last}(1.0)
    print((time.perf_counter() - began) / one)
"""


def measured(package, text, folder, **values):
    """What a program prints in a process of its own: the least of three; not a number where it fails."""
    functions = "\n\n    ".join(
        f"@njit\n    def f{n}(x):\n        return f{n - 1}(x) * 1.5 + 1.0" for n in range(1, values.get("last", -1) + 1)
    )
    program = textwrap.dedent(text.format(package=package, functions=functions, **values))
    path = f"{folder}/program.py"
    with open(path, "w") as file:
        file.write(program)
    run = [sys.executable, path]
    done = [subprocess.run(run, capture_output=True, text=True) for _ in range(3)]
    return min(float(process.stdout) if process.returncode == 0 else float("nan") for process in done)


def main():
    import tempfile

    for package in ("numir", "numba"):
        if importlib.util.find_spec(package) is None:
            continue
        print(f"{package}:")
        calls(package)
        with tempfile.TemporaryDirectory() as folder:
            print(f"import       {measured(package, IMPORT, folder):8.1f} ms after numpy")
            print(f"first call   {measured(package, FIRST, folder):8.1f} ms for ten lines")
            print(f"from cache   {measured(package, CACHED, folder):8.1f} ms for the same")
            print(f"200 functions {measured(package, MANY, folder, last=199):7.0f} times one")


if __name__ == "__main__":
    main()

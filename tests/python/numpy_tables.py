"""Tables of NumPy expressions, each compiled and compared with NumPy over arrays of many dtypes and layouts.

The expressions of a table stand in one function, so that they are compiled together; where it fails each is tried by itself, to be named.
"""

import importlib.util
import warnings

import numpy as np
from numir import njit


def arrays(dtypes, shape=(4, 5), seed=1):
    """Arrays of each dtype in C order and reversed; of two dtypes in Fortran order and strided as well."""
    rng = np.random.default_rng(seed)
    for dtype in dtypes:
        a = filled(rng, dtype, shape)
        yield a
        yield a[tuple(slice(None, None, -1) for _ in shape)]
        if dtype in ("float64", "int8"):
            yield np.asfortranarray(a)
            yield filled(rng, dtype, tuple(2 * extent for extent in shape))[tuple(slice(None, None, 2) for _ in shape)]


def filled(rng, dtype, shape):
    """Numbers of a dtype: halves, so that few sums depend on their order."""
    kind = np.dtype(dtype).kind
    if kind == "b":
        return rng.integers(0, 2, shape).astype(dtype)
    if kind == "u":
        return rng.integers(0, 40, shape).astype(dtype)
    if kind == "i":
        return rng.integers(-20, 20, shape).astype(dtype)
    if kind == "c":
        return ((rng.integers(-20, 20, shape) + 1j * rng.integers(-20, 20, shape)) / 2).astype(dtype)
    return (rng.integers(-40, 40, shape) / 2).astype(dtype)


class Table:
    """Expressions of some parameters."""

    def __init__(self, tmp_path, parameters, expressions):
        self.parameters = parameters
        self.expressions = expressions
        self.whole = load(tmp_path, parameters, ["(" + ", ".join(expressions) + ",)"])[0]
        self.each = load(tmp_path, parameters, expressions)

    def check(self, *arguments, rtol=1e-12, atol=0.0):
        """Fails with the expressions that differ from NumPy."""
        with warnings.catch_warnings(), np.errstate(all="ignore"):
            warnings.simplefilter("ignore")
            wanted = [outcome(function.py_func, arguments) for function in self.each]
            got = None
            if not any(isinstance(one, Exception) for one in wanted):
                got = outcome(self.whole, arguments)
            if got is None or isinstance(got, Exception):
                got = [outcome(function, arguments) for function in self.each]
        found = [
            f"{expression}: {problem}"
            for expression, one, other in zip(self.expressions, wanted, got)
            if (problem := difference(one, other, rtol, atol))
        ]
        seen = ", ".join(f"{a.dtype}{a.shape} strides {a.strides}" for a in arguments if isinstance(a, np.ndarray))
        assert not found, f"of {seen}:\n" + "\n".join(found)


COUNTER = iter(range(10**9))


def load(tmp_path, parameters, expressions):
    """Compiled functions of expressions."""
    name = f"table_{next(COUNTER)}"
    path = tmp_path / f"{name}.py"
    functions = [
        f"def f{place}({parameters}):\n    return {expression}\n" for place, expression in enumerate(expressions)
    ]
    path.write_text("import numpy as np\n\n\n" + "\n\n".join(functions))
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return [njit(getattr(module, f"f{place}")) for place in range(len(expressions))]


def outcome(function, arguments):
    """What a call gives, or the exception that it raises."""
    copies = [argument.copy(order="K") if is_dense(argument) else argument for argument in arguments]
    try:
        return function(*copies)
    except Exception as error:
        return error


def is_dense(argument):
    return isinstance(argument, np.ndarray) and (argument.flags.c_contiguous or argument.flags.f_contiguous)


def difference(wanted, got, rtol, atol=0.0):
    """What is different, in words; None where nothing is."""
    if isinstance(wanted, Exception) or isinstance(got, Exception):
        # NumPy's own kinds of TypeError have no other name in compiled code.
        if type(wanted) is type(got) or (isinstance(wanted, TypeError) and type(got) is TypeError):
            return None
        return f"{wanted!r}, but {got!r}"[:600]
    if isinstance(wanted, tuple):
        if not isinstance(got, tuple) or len(got) != len(wanted):
            return f"{wanted!r}, but {got!r}"[:600]
        parts = [difference(one, other, rtol, atol) for one, other in zip(wanted, got)]
        return next(filter(None, parts), None)
    one, other = np.asarray(wanted), np.asarray(got)
    if one.shape != other.shape:
        return f"shape {one.shape}, but {other.shape}"
    if isinstance(wanted, np.ndarray) and one.dtype != other.dtype:
        return f"dtype {one.dtype}, but {other.dtype}"
    if one.dtype.kind != other.dtype.kind and {one.dtype.kind, other.dtype.kind} != {"u", "i"}:
        return f"dtype {one.dtype}, but {other.dtype}"
    narrow = one.dtype.name in ("float32", "complex64")
    tolerance = max(rtol, 2e-6) if narrow else max(rtol, 2e-3) if one.dtype == np.float16 else rtol
    if not np.allclose(one, other, rtol=tolerance, atol=max(tolerance, atol), equal_nan=True):
        return f"{one!r}, but {other!r}"[:600]
    return None

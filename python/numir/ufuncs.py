"""`vectorize` and `guvectorize`: functions of numbers, or of small arrays, as NumPy's ufuncs.

The loop around a function is a function like any other: it is written as text, compiled with the user's function as
its global, and inlined. NumPy gets the compiled loops; broadcasting, `out`, `where`, `reduce` and the rest are its own.
"""

import numpy as np

from numir import _elementwise, _numir, _texts, dispatcher, errors, signatures, types
from numir._pickled_ufuncs import made_once
from numir.options import make as options_from

_IDENTITIES = {None: -1, 0: 0, 1: 1, "reorderable": -2}


def identity_number(identity):
    """NumPy's number of an identity; ValueError for what is none."""
    if identity not in _IDENTITIES:
        raise ValueError(f"identity is None, 0, 1 or 'reorderable', not {identity!r}")
    return _IDENTITIES[identity]


def _options(parallel=False, **options):
    return options_from("vectorize", {"parallel": parallel, **options})


def _loop(function, inputs, options):
    """A dispatcher of the loop that fills an array with the function's values."""
    names = [f"a{place}" for place in range(inputs)]
    header = ", ".join([*names, "out"])
    items = ", ".join(f"{name}[i]" for name in names)
    loop = "prange" if options.parallel else "range"
    # NumPy hands over as many items of each; the minimum tells the compiler, which then needs no checks.
    trip = f"min(out.size, {', '.join(f'{name}.size' for name in names)})"
    text = f"def loop({header}):\n    for i in {loop}({trip}):\n        out[i] = function({items})\n"
    return compiled_loop(text, f"<numir ufunc of {inputs} inputs, {loop}>", function, options)


def compiled_loop(text, path, function, options):
    """A dispatcher of the function `loop` that a text defines, which calls `function`; errors and the cache know the text by the path."""
    from numir import prange

    scope = {"function": function, "prange": prange}
    _texts.execute(text, path, scope)
    return dispatcher.make(scope["loop"], options)


def _scalar_dtype(ty):
    return np.dtype(types.as_dtype(ty)).name


class _Kernels:
    """The loops of one function, by the dtypes of its inputs."""

    def __init__(self, function, options):
        self.function = (
            dispatcher.make(function, options) if not isinstance(function, dispatcher.Dispatcher) else function
        )
        self.options = options
        self.identity = None
        self.inputs = self.function.py_func.__code__.co_argcount
        self.loop = _loop(self.function, self.inputs, options)
        # For calls in which the items depend on each other, as in `accumulate`.
        alone = options._replace(parallel=False)
        self.serial = _loop(self.function, self.inputs, alone) if options.parallel else None
        self.described = []

    def add(self, dtypes, result=None):
        """Compile for the dtypes of the inputs; the result's is found where it is not given."""
        if result is None:
            scalars = ["np.bool" if name == "bool" else name for name in dtypes]
            result = _scalar_dtype(types.of_spelling(_numir.compile(self.function, scalars)))
        operands = [*dtypes, result]
        contiguous, strided = ([f"{name}[{axis}]" for name in operands] for axis in ("::1", ":"))
        self.described.append((self.loop, contiguous, strided, [(name, []) for name in operands], self.serial))

    def ufunc(self, identity):
        """NumPy's object of all loops."""
        self.identity = identity
        return _numir.make_ufunc(self, (self.inputs, 1), self.described, None, identity_number(identity))

    def reduced(self):
        """What `pickle` needs to make the ufunc again."""
        declared = [[name for name, _ in operands] for _, _, _, operands, _ in self.described]
        return _rebuild_declared, (self.function, self.options, declared, self.identity)

    def __numir_overload__(self):
        """What chooses the implementation in compiled code: that of the first loop that takes the operands."""
        loops = [[name for name, _ in operands] for _, _, _, operands, _ in self.described]
        return _elementwise.vectorized(self.function, loops)


class DUFunc:
    """A ufunc that is compiled for the types that it is given; what it can do is what NumPy's ufuncs can."""

    def __init__(self, function, identity, options):
        self._kernels = _Kernels(function, options)
        self._identity = identity
        # The inputs' dtypes of the loops that were compiled on demand; the same by what is quickly found out.
        self._known = set()
        self._quick = set()
        self._ufunc = None
        self.__wrapped__ = function
        self.__name__ = function.__name__
        self.__doc__ = function.__doc__
        self.__module__ = function.__module__
        self.__qualname__ = function.__qualname__

    @property
    def nin(self):
        """The number of inputs."""
        return self._kernels.inputs

    nout = 1
    signature = None

    @property
    def nargs(self):
        """The number of inputs and outputs."""
        return self.nin + 1

    @property
    def identity(self):
        """The identity, or None."""
        return self._identity if self._identity in (0, 1) else None

    @property
    def types(self):
        """The types of the loops, as NumPy writes them."""
        return self._ufunc.types if self._ufunc is not None else []

    @property
    def ntypes(self):
        """The number of loops."""
        return len(self.types)

    @property
    def ufunc(self):
        """NumPy's ufunc of the loops compiled so far."""
        return self._ufunc

    def _compile_for(self, inputs):
        """See to a loop for these inputs."""
        key = tuple(dtype_name(value) for value in inputs)
        if key not in self._known:
            self._kernels.add(key)
            self._ufunc = self._kernels.ufunc(self._identity)
            self._known.add(key)

    def add(self, signature):
        """Compile for a signature now."""
        for one in signatures.parse(signature):
            self._kernels.add([_scalar_dtype(ty) for ty in one.args])
            self._ufunc = self._kernels.ufunc(self._identity)

    def _apply(self, method, operands, *arguments, **options):
        """Call a method of NumPy's object with a loop for the operands; one with `__array_ufunc__` of its own takes over instead."""
        key = tuple([_kind(value) for value in operands])
        if key not in self._quick:
            result = self._overridden(method, operands, arguments, options)
            if result is not NotImplemented:
                return result
            self._compile_for(operands)
            if all(kind is not _ODD for kind in key):
                self._quick.add(key)
        return getattr(self._ufunc, method)(*arguments, **options)

    def _overridden(self, method, operands, arguments, options):
        """What an operand with `__array_ufunc__` of its own makes of a call; NotImplemented where there is none."""
        claimed = False
        for value in operands:
            override = getattr(type(value), "__array_ufunc__", np.ndarray.__array_ufunc__)
            if override is np.ndarray.__array_ufunc__ or isinstance(value, np.ndarray):
                continue
            if override is None:
                raise TypeError(f"operand {type(value).__name__!r} does not support ufuncs (__array_ufunc__=None)")
            result = override(value, self, method, *arguments, **options)
            if result is not NotImplemented:
                return result
            claimed = True
        if claimed:
            names = ", ".join(repr(type(value).__name__) for value in operands)
            raise TypeError(
                f"operand type(s) all returned NotImplemented from __array_ufunc__({self!r}, {method!r}): {names}"
            )
        return NotImplemented

    def __call__(self, *inputs, **options):
        """Apply it element by element."""
        return self._apply("__call__", inputs[: self.nin], *inputs, **options)

    def reduce(self, array, *arguments, **options):
        """As `numpy.ufunc.reduce`."""
        return self._apply("reduce", (array, array), array, *arguments, **options)

    def accumulate(self, array, *arguments, **options):
        """As `numpy.ufunc.accumulate`."""
        return self._apply("accumulate", (array, array), array, *arguments, **options)

    def reduceat(self, array, *arguments, **options):
        """As `numpy.ufunc.reduceat`."""
        return self._apply("reduceat", (array, array), array, *arguments, **options)

    def outer(self, first, second, **options):
        """As `numpy.ufunc.outer`."""
        return self._apply("outer", (first, second), first, second, **options)

    def at(self, array, indices, *others):
        """As `numpy.ufunc.at`."""
        return self._apply("at", (array, *others), array, indices, *others)

    def __numir_overload__(self):
        """What chooses the implementation in compiled code."""
        return _elementwise.vectorized(self._kernels.function, None)

    def __reduce__(self):
        return _rebuild, (self._kernels.function, self._identity)

    def __repr__(self):
        return f"<numir.DUFunc '{self.__name__}'>"


# What numbers and arrays of NumPy itself are, and numbers of Python.
_WITH_DTYPE = frozenset((np.ndarray, *(np.dtype(name).type for name in types.SCALARS)))
_WITHOUT = frozenset((bool, int, float, complex))


class _Odd:
    """What an operand is that must be looked at."""


_ODD = _Odd()


def _kind(value):
    """What tells the loop for an operand, without any conversion."""
    cls = type(value)
    if cls in _WITH_DTYPE:
        return value.dtype
    if cls in _WITHOUT and (cls is not int or -(2**63) <= value < 2**63):
        return cls
    return _ODD


def _rebuild(function, identity):
    return made_once(function, lambda: DUFunc(function, identity, function.options))


def _rebuild_declared(function, options, declared, identity):
    def make():
        kernels = _Kernels(function, options)
        for *inputs, result in declared:
            kernels.add(inputs, result)
        return kernels.ufunc(identity)

    return made_once(function, make)


def dtype_name(value):
    """NumPy's name of the dtype that a value has as an array."""
    dtype = getattr(value, "dtype", None)
    dtype = dtype if dtype is not None else np.asarray(value).dtype
    if dtype.name not in types.SCALARS:
        raise errors.NumbaTypeError(f"an operand of dtype {dtype} cannot be handed to compiled code")
    return dtype.name


def vectorize(ftylist_or_function=(), target="cpu", identity=None, **options):
    """Make a NumPy ufunc of a function of numbers.

    With signatures (`@vectorize(["float64(float64, float64)"])`) the result is a `numpy.ufunc` for just these types; without, it is
    compiled for the types that it is given. `target="parallel"` runs the loop on all threads, `target="cuda"` on a GPU: what it makes is no
    ufunc of NumPy's then, and takes arrays on the device too.
    """
    chosen = _options_for("vectorize", target, options)

    def decorate(function):
        if chosen.target != "cpu":
            from numir.cuda._elementwise import Vectorized

            return Vectorized(function, declared, chosen)
        if not declared:
            return DUFunc(function, identity, chosen)
        kernels = _Kernels(function, chosen)
        for signature in declared:
            result = signature.return_type
            kernels.add([_scalar_dtype(ty) for ty in signature.args], result and _scalar_dtype(result))
        return kernels.ufunc(identity)

    if callable(ftylist_or_function) and not isinstance(ftylist_or_function, types.Type):
        declared = []
        return decorate(ftylist_or_function)
    # Nothing but options: as without parentheses.
    declared = signatures.parse_list(ftylist_or_function) if ftylist_or_function != () else []
    return decorate


def _options_for(name, target, options):
    """The options of a ufunc for a target."""
    if target in ("cpu", "parallel"):
        return _options(parallel=target == "parallel", **options)
    if not str(target).startswith("cuda"):
        raise ValueError(f"{name}() knows the targets 'cpu', 'parallel' and 'cuda', not {target!r}")
    from numir.cuda import _place

    return _options(target=_place.target() if target == "cuda" else target, **options)

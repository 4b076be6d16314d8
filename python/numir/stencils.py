"""`stencil`: a kernel of relative indices becomes a function of arrays, which applies it around every item.

The loops are the compiler's: a stencil that compiled code calls is compiled into it. Called from Python it is compiled as a function
that does nothing but call it. With NUMIR_DISABLE_JIT=1 Python evaluates the kernel item by item.
"""

from numir import config, errors

MODES = ("constant", "nearest", "reflect", "wrap")

# The furthest that an index may lie from the position.
_FURTHEST = 1 << 31


def stencil(func_or_mode="constant", **options):
    """Make a stencil of a kernel, a function that indexes its arrays relative to a position.

    `@stencil`, or `@stencil("wrap")` with a mode, which says what lies beyond the edges: with `constant` the items whose neighbourhood
    leaves the array are `cval`, 0 if nothing is said; `wrap` goes on at the other end; `nearest` repeats the item at the edge, as
    `numpy.pad` does with `edge`; `reflect` mirrors at that item without repeating it, as `numpy.pad` does with `reflect`.

    `neighborhood`, a pair of lowest and highest offset per axis, is needed where an index is not a constant; `standard_indexing` names
    the parameters whose arrays are indexed as arrays are. A call takes an array for the results as `out`.
    """
    unknown = sorted(set(options) - {"cval", "neighborhood", "standard_indexing"})
    if unknown:
        raise errors.NumbaValueError(f"Unknown stencil option {unknown[0]}")
    if isinstance(func_or_mode, str):
        if func_or_mode not in MODES:
            raise errors.NumbaValueError(f"Unsupported mode style {func_or_mode}; the modes are {', '.join(MODES)}")
        return lambda kernel: StencilFunc(kernel, func_or_mode, **options)
    return StencilFunc(func_or_mode, "constant", **options)


class StencilFunc:
    """A kernel with its options, to be called with arrays, by Python or by compiled code."""

    def __init__(self, kernel, mode, cval=None, neighborhood=None, standard_indexing=()):
        kernel = getattr(kernel, "py_func", kernel)
        if not hasattr(kernel, "__code__"):
            raise TypeError(f"stencil() takes a Python function as the kernel; {kernel!r} is none")
        if cval is not None and mode != "constant":
            raise errors.NumbaValueError(f"cval is for the mode 'constant', not {mode!r}")
        self.kernel = self.py_func = self.__wrapped__ = kernel
        self.mode = mode
        self.cval = cval
        self.neighborhood = None if neighborhood is None else _pairs(neighborhood)
        names = (standard_indexing,) if isinstance(standard_indexing, str) else standard_indexing or ()
        self.standard_indexing = tuple(names)
        self._compiled = {}
        for name in ("__module__", "__name__", "__qualname__", "__doc__"):
            setattr(self, name, getattr(kernel, name))

    @property
    def __numir_stencil__(self):
        """What the compiler is told."""
        pairs = None if self.neighborhood is None else list(self.neighborhood)
        return self.kernel, self.mode, self.cval, pairs, list(self.standard_indexing)

    def __call__(self, *arguments, out=None, **keywords):
        """Apply the kernel around every item of the first array; the results go to a new array, or to `out`."""
        if keywords or len(arguments) != self.kernel.__code__.co_argcount:
            arguments = self._bound(arguments, keywords)
        if config.DISABLE_JIT:
            from numir import _stencils_in_python

            return _stencils_in_python.apply(self, arguments, out)
        if out is None:
            return self._dispatcher(False)(*arguments)
        return self._dispatcher(True)(out, *arguments)

    def _bound(self, arguments, keywords):
        import inspect

        bound = inspect.signature(self.kernel).bind(*arguments, **keywords)
        if bound.kwargs:
            bound.apply_defaults()
        return bound.args

    def _dispatcher(self, into):
        """The compiled function that calls the stencil, with an array for the results before its arguments or without."""
        if into not in self._compiled:
            from numir import dispatcher, options

            applied = self

            def apply(*arguments):
                return applied(*arguments)

            def apply_into(out, *arguments):
                return applied(*arguments, out=out)

            self._compiled[into] = dispatcher.make(apply_into if into else apply, options.Options())
        return self._compiled[into]

    def __reduce__(self):
        options = (self.mode, self.cval, self.neighborhood, self.standard_indexing)
        return _rebuild, (self._pickled_kernel(), *options)

    def _pickled_kernel(self):
        from numir import dispatcher, options

        return dispatcher.make(self.kernel, options.Options())

    def __repr__(self):
        return f"<numir.StencilFunc {self.__qualname__} {self.mode!r}>"


def _rebuild(kernel, mode, cval, neighborhood, standard_indexing):
    return StencilFunc(kernel, mode, cval, neighborhood, standard_indexing)


def _pairs(neighborhood):
    """The lowest and highest offset per axis, as ints."""
    from operator import index

    try:
        pairs = tuple((index(low), index(high)) for low, high in neighborhood)
    except (TypeError, ValueError):
        message = f"neighborhood is a tuple of pairs of ints, one per axis, as ((-1, 1), (0, 2)); not {neighborhood!r}"
        raise errors.NumbaValueError(message) from None
    for low, high in pairs:
        if low > high or max(abs(low), abs(high)) > _FURTHEST:
            raise errors.NumbaValueError(f"the neighborhood ({low}, {high}) goes from no lowest to a highest offset")
    return pairs

"""`guvectorize`: functions of small arrays as NumPy's generalised ufuncs, which loop over all further axes.

The function gets one array per operand and writes its results into the last ones; its layout, as `(m,n),(n)->(m)`, says which
axes are its own.
"""

from numir import _numir, dispatcher, signatures, types
from numir.ufuncs import _check_target, _options, dtype_name, identity_number


class Layout:
    """A layout such as `(m,n),(n)->(m)`: the operands' core dimensions by name."""

    def __init__(self, text):
        sides = text.replace(" ", "").split("->")
        if len(sides) != 2:
            raise ValueError(f"the layout {text!r} is not of the form '(m,n),(n)->(m)'")
        self.text = text
        self.inputs, self.outputs = (self._operands(side) for side in sides)
        names = {}
        for operand in [*self.inputs, *self.outputs]:
            for name in operand:
                names.setdefault(name, len(names))
        self.core = [[names[name] for name in operand] for operand in [*self.inputs, *self.outputs]]

    def _operands(self, side):
        operands = []
        for part in side.split("),"):
            part = part.removesuffix(")")
            if not part.startswith("(") or "(" in part[1:]:
                raise ValueError(f"the layout {self.text!r} is not of the form '(m,n),(n)->(m)'")
            operands.append([name for name in part[1:].split(",") if name])
        return operands


def _described(function, layout, operands):
    """What the extension module is told of a kernel for these types of operands."""
    if len(operands) != len(layout.core):
        raise TypeError(
            f"{function.__name__}(): {len(operands)} types for the {len(layout.core)} operands of {layout.text!r}"
        )
    spellings, told = [], []
    for place, (ty, core) in enumerate(zip(operands, layout.core)):
        if isinstance(ty, types.Array):
            if ty.ndim != max(len(core), 1):
                raise TypeError(
                    f"{function.__name__}(): operand {place + 1} is {ty}, but has {len(core)} axes in {layout.text!r}"
                )
            name = types.as_dtype(ty.dtype).name
            spellings.append(f"{name}[{', '.join(':' * ty.ndim)}]")
            told.append((name, core, False))
        else:
            if core or place >= len(layout.inputs):
                raise TypeError(f"{function.__name__}(): operand {place + 1} of {layout.text!r} is an array, not {ty}")
            spellings.append(ty.spelling)
            told.append((types.as_dtype(ty).name, core, True))
    return function, spellings, spellings, told


def _ufunc(function, layout, described, identity):
    counts = (len(layout.inputs), len(layout.outputs))
    return _numir.make_ufunc(
        function.__name__, function.__doc__ or "", counts, described, layout.text.replace(" ", ""), identity
    )


class GUFunc:
    """A generalised ufunc that is compiled for the types that it is given; the arrays for its results are passed too."""

    def __init__(self, function, layout, options):
        self._function = dispatcher.make(function, options)
        self._layout = layout
        self._described = {}
        self.__wrapped__ = function
        for name in ("__name__", "__doc__", "__module__", "__qualname__"):
            setattr(self, name, getattr(function, name))

    @property
    def signature(self):
        """The layout."""
        return self._layout.text

    def __call__(self, *operands, **options):
        """Apply it over all axes that are not its own."""
        if len(operands) != len(self._layout.core):
            wanted = len(self._layout.core)
            raise TypeError(
                f"{self.__name__}() takes {wanted} operands, those for results included; {len(operands)} were given"
            )
        key = tuple(dtype_name(operand) for operand in operands)
        if key not in self._described:
            operand_types = []
            for place, name in enumerate(key):
                item = types.from_dtype(name)
                core = self._layout.core[place]
                scalar = not core and place < len(self._layout.inputs)
                operand_types.append(item if scalar else types.Array(item, max(len(core), 1), "A"))
            described = _described(self._function, self._layout, operand_types)
            self._described[key] = _ufunc(self._function, self._layout, [described], -1)
        return self._described[key](*operands, **options)

    def __repr__(self):
        return f"<numir.GUFunc '{self.__name__}' {self._layout.text}>"


def guvectorize(ftylist_or_layout, signature=None, target="cpu", identity=None, writable_args=(), **options):
    """Make a generalised ufunc of a function that works on arrays and writes its results into the last ones.

    `@guvectorize(["void(float64[:], float64, float64[:])"], "(n),()->(n)")` is compiled for just these types;
    `@guvectorize("(n),()->(n)")` for the types that it is given.
    """
    _check_target("guvectorize", target)
    if writable_args:
        from numir import errors

        raise errors.UnsupportedError("guvectorize(writable_args=…): an operand is either an input or a result")
    chosen = _options(**options)
    layout = Layout(ftylist_or_layout if signature is None else signature)

    def decorate(function):
        if signature is None:
            return GUFunc(function, layout, chosen)
        compiled = dispatcher.make(function, chosen)
        described = [_described(compiled, layout, one.args) for one in signatures.parse(ftylist_or_layout)]
        return _ufunc(compiled, layout, described, identity_number(identity))

    return decorate

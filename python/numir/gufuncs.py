"""`guvectorize`: functions of small arrays as NumPy's generalised ufuncs, which loop over all further axes.

The function gets one array per operand and writes its results into the last ones; its layout, as `(m,n),(n)->(m)`, says which
axes are its own.
"""

from numir import _elementwise, _numir, dispatcher, signatures, types
from numir._pickled_ufuncs import made_once
from numir.ufuncs import _options_for, compiled_loop, dtype_name, identity_number


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


def _loop(function, layout, operands, options):
    """A dispatcher of the loop over the outer positions; its arrays have one more axis, the first."""
    names = [f"a{place}" for place in range(len(operands))]
    items = []
    for place, (name, ty) in enumerate(zip(names, operands)):
        # An array without axes of its own has one item.
        alone = isinstance(ty, types.Array) and not layout.core[place]
        items.append(f"{name}[k : k + 1]" if alone else f"{name}[k]")
    loop = "prange" if options.parallel else "range"
    # NumPy hands over as many of each; the minimum tells the compiler, which then needs no checks.
    trip = f"min({', '.join(f'{name}.shape[0]' for name in names)})"
    text = f"def loop({', '.join(names)}):\n    for k in {loop}({trip}):\n        function({', '.join(items)})\n"
    return compiled_loop(text, f"<numir gufunc of {', '.join(items)}, {loop}>", function, options)


def _described(function, layout, operands, options):
    """What the extension module is told of a kernel for these types of operands."""
    if len(operands) != len(layout.core):
        raise TypeError(
            f"{function.__name__}(): {len(operands)} types for the {len(layout.core)} operands of {layout.text!r}"
        )
    told = []
    for place, (ty, core) in enumerate(zip(operands, layout.core)):
        if isinstance(ty, types.Array):
            if ty.ndim != max(len(core), 1):
                raise TypeError(
                    f"{function.__name__}(): operand {place + 1} is {ty}, but has {len(core)} axes in {layout.text!r}"
                )
            ty = ty.dtype
        elif core or place >= len(layout.inputs):
            raise TypeError(f"{function.__name__}(): operand {place + 1} of {layout.text!r} is an array, not {ty}")
        told.append((types.as_dtype(ty).name, core))
    spellings = [f"{name}[{', '.join(':' * (len(core) + 1))}]" for name, core in told]
    return _loop(function, layout, operands, options), spellings, spellings, told, None


class _Owner:
    """What a generalised ufunc is made from; `operands` are the types of each of its loops."""

    def __init__(self, function, layout, options, operands, identity=None, writable=()):
        self.function = function
        self.layout = layout
        self._options = options
        self._operands = operands
        self._identity = identity
        self._writable = writable

    def ufunc(self):
        """NumPy's object of all loops."""
        described = [_described(self.function, self.layout, operands, self._options) for operands in self._operands]
        counts = (len(self.layout.inputs), len(self.layout.outputs))
        layout = self.layout.text.replace(" ", "")
        identity = identity_number(self._identity)
        return _numir.make_ufunc(self, counts, described, layout, identity, self._writable)

    def reduced(self):
        """What `pickle` needs to make the ufunc again."""
        parts = self.layout.text, self._options, self._operands, self._identity, self._writable
        return _rebuild_declared, (self.function, *parts)

    def __numir_overload__(self):
        """What chooses the implementation in compiled code."""
        return _elementwise.generalized(self.function, self.layout)


def _rebuild_declared(function, layout, *parts):
    return made_once(function, lambda: _Owner(function, Layout(layout), *parts).ufunc())


def _compiled(function, options):
    """The function, which is compiled for one position: the loop around it is what runs on all threads."""
    return dispatcher.make(function, options._replace(parallel=False))


def _writable(function, layout, names):
    """The places of the inputs that a function writes to, which are given by name or by place."""
    parameters = function.__code__.co_varnames[: function.__code__.co_argcount]
    places = []
    for name in names:
        place = parameters.index(name) if name in parameters else name
        if not isinstance(place, int) or not 0 <= place < len(layout.core):
            raise ValueError(f"writable_args: {function.__name__}() has no operand {name!r}")
        if place < len(layout.inputs):
            places.append(place)
    return places


class GUFunc:
    """A generalised ufunc that is compiled for the types that it is given; the arrays for its results are passed too."""

    def __init__(self, function, layout, options, writable=()):
        self._function = _compiled(function, options)
        self._layout = layout
        self._options = options
        self._writable = _writable(function, layout, writable)
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
            owner = _Owner(self._function, self._layout, self._options, [operand_types], None, self._writable)
            self._described[key] = owner.ufunc()
        return self._described[key](*operands, **options)

    @property
    def types(self):
        """The types of the loops compiled so far, as NumPy writes them."""
        return [one for ufunc in self._described.values() for one in ufunc.types]

    @property
    def ntypes(self):
        """The number of loops."""
        return len(self.types)

    def __numir_overload__(self):
        """What chooses the implementation in compiled code."""
        return _elementwise.generalized(self._function, self._layout)

    def __reduce__(self):
        return _rebuild, (self._function, self._layout.text, self._options, self._writable)

    def __repr__(self):
        return f"<numir.GUFunc '{self.__name__}' {self._layout.text}>"


def _rebuild(function, layout, options, writable):
    return made_once(function, lambda: GUFunc(function.py_func, Layout(layout), options, writable))


def guvectorize(ftylist_or_layout, signature=None, target="cpu", identity=None, writable_args=(), **options):
    """Make a generalised ufunc of a function that works on arrays and writes its results into the last ones.

    `@guvectorize(["void(float64[:], float64, float64[:])"], "(n),()->(n)")` is compiled for just these types;
    `@guvectorize("(n),()->(n)")` for the types that it is given. `target="parallel"` runs the loop over all other axes on all threads, `target="cuda"` on a GPU.
    `writable_args` are the inputs, by name or place, that it writes to.
    """
    chosen = _options_for("guvectorize", target, options)
    layout = Layout(ftylist_or_layout if signature is None else signature)

    def decorate(function):
        if chosen.target != "cpu":
            from numir.cuda._elementwise import Generalized

            declared = signatures.parse(ftylist_or_layout) if signature is not None else ()
            return Generalized(function, layout, declared, chosen)
        if signature is None:
            return GUFunc(function, layout, chosen, writable_args)
        compiled = _compiled(function, chosen)
        operands = [one.args for one in signatures.parse(ftylist_or_layout)]
        writable = _writable(function, layout, writable_args)
        return _Owner(compiled, layout, chosen, operands, identity, writable).ufunc()

    return decorate

"""What all types have in common: names, equality, array types by subscripting, signatures by calling."""


class Type:
    """A type of values.

    Types are equal if they are of one class and have one `key`. Python's float and NumPy's float64 have the same key and differ
    in their spelling only: to who compares types they are both `float64`, as in Numba.
    """

    def __init__(self, name):
        self.name = name

    @property
    def key(self):
        """What tells types of one class apart."""
        return self.name

    @property
    def spelling(self):
        """The type as the compiler reads it; UnsupportedError where the language has no such type."""
        from numir.errors import UnsupportedError

        raise UnsupportedError(f"values of type {self.name} cannot be passed to compiled code")

    def __call__(self, *arguments):
        """A signature with this type as its result and the arguments as parameters; or, of a value, the value converted."""
        from numir.types.convert import as_type, is_type

        if len(arguments) == 1 and not is_type(arguments[0]):
            return self.cast_python_value(arguments[0])
        return Signature(self, tuple(as_type(argument) for argument in arguments))

    def cast_python_value(self, value):
        """A value converted to this type."""
        raise NotImplementedError(f"{self.name} converts no values")

    def __getitem__(self, axes):
        """The type of an array of such items: a slice per axis, `::1` for the axis whose items are neighbours."""
        from numir.types.containers import Array

        axes = axes if isinstance(axes, tuple) else (axes,)
        for axis in axes:
            plain = isinstance(axis, slice) and axis.start is None and axis.stop is None
            if not plain or axis.step not in (None, 1):
                raise KeyError(f"the axes of an array are written `:` or `::1`, not {axis!r}")
        marked = [place for place, axis in enumerate(axes) if axis.step == 1]
        if not marked:
            return Array(self, len(axes), "A" if axes else "C")
        if marked == [len(axes) - 1]:
            return Array(self, len(axes), "C")
        if marked == [0]:
            return Array(self, len(axes), "F")
        raise KeyError("`::1` stands on the last axis (C order) or on the first (Fortran order)")

    def __eq__(self, other):
        if self is other:
            return True
        return type(self) is type(other) and self.key == other.key

    def __hash__(self):
        return hash((type(self).__name__, self.key))

    def __str__(self):
        return self.name

    def __repr__(self):
        return self.name

    def __iter__(self):
        raise TypeError(f"{type(self).__name__} is not iterable")

    def is_precise(self):
        """Whether it is a type that values can have."""
        return True

    def unify(self, typingctx, other):
        """Types are joined by the compiler: None says that this one knows nothing."""
        return None


class Refused(Type):
    """A type that has a name for who writes types, and that no value of compiled code has."""

    def __init__(self, name, reason):
        super().__init__(name)
        self.reason = reason

    @property
    def spelling(self):
        """Raises UnsupportedError with the reason."""
        from numir.errors import UnsupportedError

        raise UnsupportedError(f"{self.name}: {self.reason}")


class Signature:
    """The types of a function's parameters and of its result; None as the result leaves it to the compiler."""

    __slots__ = ("return_type", "args")

    def __init__(self, return_type, args):
        self.return_type = return_type
        self.args = tuple(args)

    # Numba's signatures of methods have a receiver, and all may have names of parameters.
    recvr = None
    pysig = None

    @property
    def is_precise(self):
        """A function that says whether the result is known."""
        return lambda: self.return_type is not None

    def replace(self, **fields):
        """The same with another `return_type` or other `args`."""
        return Signature(fields.get("return_type", self.return_type), fields.get("args", self.args))

    def __eq__(self, other):
        if not isinstance(other, Signature):
            return NotImplemented
        return self.return_type == other.return_type and self.args == other.args

    def __hash__(self):
        return hash((self.return_type, self.args))

    def __reduce__(self):
        return Signature, (self.return_type, self.args)

    def __repr__(self):
        return f"{self.args!r} -> {self.return_type!r}"


def signature(return_type, *args):
    """A signature of a result and parameters."""
    return Signature(return_type, args)

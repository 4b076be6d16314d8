"""Reading signatures in all forms that `jit` takes: strings, tuples of types, types called with types, lists of these.

Strings are read by a parser of their own, not by Python: names of types, `[:, ::1]` after them, `Tuple((…))` and the like, a result in
front of parentheses. What does not parse is an error that points at the column.
"""

from numir.errors import SignatureError
from numir.types import as_type, containers, literals, pointers, scalars
from numir.types.base import Signature, Type
from numir.types.convert import is_type

# Types that are made by calling them; what stands in the parentheses is checked by themselves.
_MAKERS = {
    "Array": containers.Array,
    "CPointer": pointers.CPointer,
    "DictType": containers.DictType,
    "List": containers.List,
    "ListType": containers.ListType,
    "NPDatetime": containers.NPDatetime,
    "NPTimedelta": containers.NPTimedelta,
    "Optional": containers.Optional,
    "Set": containers.Set,
    "Slice": containers.Slice,
    "StringLiteral": literals.StringLiteral,
    "Tuple": containers.Tuple,
    "UniTuple": containers.UniTuple,
    "optional": containers.Optional,
}
_OTHERS = {
    "None": scalars.none,
    "Generator": scalars.npy_rng,
    "ellipsis": scalars.ellipsis,
    "none": scalars.none,
    "npy_rng": scalars.npy_rng,
    "pyobject": scalars.pyobject,
    "range": scalars.range_type,
    "slice2_type": containers.slice2_type,
    "slice3_type": containers.slice3_type,
    "string": scalars.unicode_type,
    "unicode_type": scalars.unicode_type,
    "void": scalars.none,
    "voidptr": pointers.voidptr,
}
_NUMBERS = {own: scalars.SCALARS[name] for name, own in scalars.OWN.items()}
_TIMES = {"datetime64": containers.NPDatetime, "timedelta64": containers.NPTimedelta}
_CONSTANTS = {"True": True, "False": False}
# What only the compiler writes like calls.
_SPELLED_MAKERS = {
    "Member": containers.EnumMember.of_spelling,
    "NamedTuple": containers.NamedTuple.of_spelling,
    "dtype": containers.DType,
    "formatted": lambda *parts: scalars.unicode_type,
    "records": containers.Record.of_spelling,
    "slice": containers.Slice,
}
# Type names as users write them, and as the compiler does, to which `int64` is NumPy's.
_NAMES = {**_MAKERS, **_CONSTANTS, **_OTHERS, **_NUMBERS, **scalars.SCALARS, **scalars.ALIASES}
_SPELLED = {**_NAMES, **_SPELLED_MAKERS, **scalars.NUMPY, **_NUMBERS}

# How deep brackets may nest.
_NESTING = 100


def parse(signature):
    """The signatures in anything that `jit` takes, as a list."""
    if isinstance(signature, list):
        return [one for each in signature for one in parse(each)]
    if isinstance(signature, str):
        return [Parser(signature).signature()]
    if isinstance(signature, Signature):
        return [signature]
    if isinstance(signature, tuple):
        return [Signature(None, tuple(_type(one, signature) for one in signature))]
    if isinstance(signature, Type):
        raise SignatureError(
            f"{signature} is a type, not a signature: write ({signature},) for a function of one parameter"
        )
    raise SignatureError(f"{signature!r} is not a signature")


def parse_list(signatures):
    """As `parse`; also of other iterables of signatures."""
    if isinstance(signatures, (str, tuple, list, Signature)):
        if isinstance(signatures, tuple) and signatures and not all(map(is_type, signatures)):
            return parse(list(signatures))
        return parse(signatures)
    return parse(list(signatures))


def is_signature(thing):
    """Whether something is a signature and not a function or options: what `jit` decides by."""
    return isinstance(thing, (str, tuple, list, Signature, Type))


def _type(thing, whole):
    if isinstance(thing, str):
        return Parser(thing).whole_type()
    if not is_type(thing):
        raise SignatureError(f"{thing!r} in the signature {whole!r} is not a type")
    return as_type(thing)


class Parser:
    """A text, and how far it is read. `spelled` says that the compiler wrote it."""

    def __init__(self, text, spelled=False):
        self.text = text
        self.place = 0
        self.depth = 0
        self.names = _SPELLED if spelled else _NAMES
        self.spelled = spelled

    def signature(self):
        """The whole text as a signature."""
        value = self._whole()
        if isinstance(value, Signature):
            return value
        if isinstance(value, tuple):
            return Signature(None, tuple(self._as_type(one, 0) for one in value))
        if isinstance(value, Type):
            self._fail(f"{value} is a type; the parameters are missing: write ({self.text.strip()},)", len(self.text))
        self._fail("a signature is written `result(parameter, …)` or `(parameter, …)`", 0)

    def whole_type(self):
        """The whole text as one type."""
        return self._as_type(self._whole(), 0)

    def _whole(self):
        value = self._value()
        self._blanks()
        if self.place < len(self.text):
            self._fail("this is not expected here")
        return value

    def _fail(self, message, place=None):
        place = self.place if place is None else place
        raise SignatureError(f"{message}\n    {self.text}\n    {' ' * place}^")

    def _blanks(self):
        while self.place < len(self.text) and self.text[self.place].isspace():
            self.place += 1

    def _eat(self, token):
        self._blanks()
        found = self.text.startswith(token, self.place)
        self.place += len(token) * found
        return found

    def _expect(self, token):
        if not self._eat(token):
            self._fail(f"`{token}` is expected here")

    def _value(self):
        """A type, a signature, a tuple of values, or a constant; with ` | None` after it an optional."""
        self.depth += 1
        if self.depth > _NESTING:
            self._fail(f"brackets nest deeper than {_NESTING}")
        start = self.place
        value = self._after(self._primary(), start)
        while self._eat("|"):
            parts = (self._as_type(value, start), self._as_type(self._after(self._primary(), self.place), start))
            others = [ty for ty in parts if ty != scalars.none]
            if len(others) != 1:
                self._fail("a union is of one type and None", start)
            value = others[0] if isinstance(others[0], containers.Optional) else containers.Optional(others[0])
        self.depth -= 1
        return value

    def _primary(self):
        self._blanks()
        start = self.place
        first = self.text[start : start + 1]
        if first in ("(", "["):
            self.place += 1
            values, comma = self._values(")" if first == "(" else "]")
            return (
                values[0] if len(values) == 1 and not comma and not self._whole_is_parameters(start) else tuple(values)
            )
        if first and first in "\"'":
            return self._quoted(first)
        return self._name(start)

    def _whole_is_parameters(self, start):
        """Whether parentheses without a comma enclose the parameters of a signature: `(int64)`."""
        return not self.spelled and not self.text[:start].strip() and not self.text[self.place :].strip()

    def _values(self, end):
        """Values with commas between them up to the end, and whether there was a comma."""
        values, comma = [], False
        while not self._eat(end):
            if values and not comma:
                self._fail(f"`,` or `{end}` is expected here")
            values.append(self._value())
            comma = self._eat(",")
            if not comma:
                self._expect(end)
                return values, len(values) > 1
        return values, comma

    def _name(self, start):
        while self.place < len(self.text) and (self.text[self.place].isalnum() or self.text[self.place] in "_."):
            self.place += 1
        path = self.text[start : self.place]
        if not path:
            self._fail("the name of a type is expected here")
        if path.isdigit():
            return int(path)
        if path == "object" and self.spelled:
            self._blanks()
            return containers.Known(self._name(self.place))
        name = path.rpartition(".")[2]
        value = self._time(name) if name in _TIMES else self.names.get(name)
        if path in ("np.bool", "numpy.bool"):
            value = scalars.NUMPY["bool"]
        if value is None:
            self._fail(f"there is no type `{path}`", start)
        return value

    def _time(self, name):
        """Dates or spans of time: letters in brackets are the unit, and no axes."""
        end = self.text.find("]", self.place)
        unit = self.text[self.place + 1 : end] if self.text.startswith("[", self.place) else ""
        if not unit[:1].isalnum():
            return _TIMES[name]()
        place, self.place = self.place, end + 1
        try:
            return _TIMES[name](unit)
        except ValueError as error:
            self._fail(str(error), place)

    def _quoted(self, quote):
        letters = []
        self.place += 1
        while self.place < len(self.text):
            letter = self.text[self.place]
            self.place += 1
            if letter == quote:
                text = "".join(letters)
                return literals.StringLiteral(text) if self.spelled else text
            if letter == "\\" and self.place < len(self.text):
                letter = self.text[self.place]
                self.place += 1
            letters.append(letter)
        self._fail("the string does not end")

    def _after(self, value, start):
        """What follows a name: the axes of an array, the parameters of a signature, what a type is made of."""
        while True:
            self._blanks()
            follows = self.text[self.place : self.place + 1]
            if follows == "[" and isinstance(value, Type):
                value = self._array(value)
            elif follows == "(" and not isinstance(value, (tuple, str, int)):
                opened = self.place
                self.place += 1
                values, _ = self._values(")")
                value = self._called(value, values, opened)
            else:
                return value

    def _called(self, value, values, opened):
        if isinstance(value, Type):
            return Signature(value, tuple(self._as_type(one, opened) for one in values))
        if isinstance(value, Signature):
            self._fail("a signature has one list of parameters", opened)
        try:
            return value(*values)
        except (TypeError, ValueError) as error:
            self._fail(str(error), opened)

    def _array(self, dtype):
        opened = self.place
        self.place += 1
        if self._eat("()"):
            self._expect("]")
            return containers.Array(dtype, 0, "C")
        axes = []
        while True:
            if not self._eat(":"):
                self._fail("the axes of an array are written `:` or `::1`")
            neighbours = self._eat(":")
            neighbours = neighbours and self._eat("1")
            axes.append(slice(None, None, 1 if neighbours else None))
            if not self._eat(","):
                break
        self._expect("]")
        try:
            array = dtype[tuple(axes)]
            return array.copy(readonly=True) if self._eat("readonly") else array
        except (KeyError, TypeError) as error:
            self._fail(error.args[0], opened)

    def _as_type(self, value, place):
        if isinstance(value, (Type, tuple)) or value is None:
            try:
                return as_type(value)
            except TypeError as error:
                self._fail(str(error), place)
        self._fail("this is not a type", place)

"""Types of values that are known when a function is compiled."""

from numir.types.base import Type
from numir.types.scalars import SCALARS, unicode_type


class Literal(Type):
    """The type of one value, `literal_value`; `literal_type` is that of all values like it."""

    def __init__(self, value):
        super().__init__(f"Literal[{type(value).__name__}]({value})")
        self.literal_value = value

    @property
    def key(self):
        """The value."""
        return self.literal_value


class IntegerLiteral(Literal):
    """One integer."""

    literal_type = SCALARS["int64"]


class BooleanLiteral(Literal):
    """True, or False."""

    literal_type = SCALARS["bool"]


class StringLiteral(Literal):
    """One string. Compiled code is made for the very string."""

    literal_type = unicode_type

    @property
    def spelling(self):
        """The string in quotes."""
        escaped = self.literal_value.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'


_KINDS = {bool: BooleanLiteral, int: IntegerLiteral, str: StringLiteral}


def literal(value):
    """The type of just this value; LiteralTypingError if there is none."""
    kind = _KINDS.get(type(value))
    if kind is None:
        from numir.errors import LiteralTypingError

        raise LiteralTypingError(f"{type(value)} cannot be used as a literal")
    return kind(value)


def maybe_literal(value):
    """The type of just this value, or None."""
    kind = _KINDS.get(type(value))
    return kind(value) if kind else None


def unliteral(ty):
    """The type of all values like the one of a literal type; any other type itself."""
    return ty.literal_type if isinstance(ty, Literal) else ty

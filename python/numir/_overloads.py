"""What a program gives compiled code in place of Python's functions, methods and attributes: implementations chosen by type.

The compiler asks here when it meets a function that has implementations, or an attribute that it does not know.
"""

import sys

import numpy as np

from numir import _numir, errors
from numir.types import convert
from numir.types.base import Type
from numir.types.literals import unliteral


class Member:
    """A method or an attribute of the values of some types."""

    def __init__(self, kind, name, is_property):
        self.kind = kind
        self.name = name
        self.is_property = is_property

    def is_of(self, ty):
        """Whether the values of a type have it."""
        if isinstance(self.kind, type):
            return isinstance(ty, self.kind)
        return ty == self.kind


# The choosers of each function or member, the latest last, each with whether it wants the types of constants first.
_choosers = {}
_members = {}


def add(function, chooser, prefer_literal):
    """Let a chooser decide what a function is in compiled code."""
    _choosers.setdefault(_Key(function), []).append((chooser, prefer_literal))


def add_member(kind, name, is_property, chooser, prefer_literal):
    """Let a chooser decide what an attribute of the values of a type, or of a class of types, is in compiled code."""
    members = _members.setdefault(name, [])
    member = next((one for one in members if one.kind == kind and one.is_property == is_property), None)
    if member is None:
        member = Member(kind, name, is_property)
        members.append(member)
    add(member, chooser, prefer_literal)


class _Key:
    """Compares objects by identity, and keeps them alive."""

    def __init__(self, thing):
        self.thing = thing

    def __hash__(self):
        return id(self.thing)

    def __eq__(self, other):
        return self.thing is other.thing


def _choosers_of(thing):
    """What decides for a function or member, the latest first. Ufuncs of numir decide for themselves."""
    owner = _numir.ufunc_owner(thing) if isinstance(thing, np.ufunc) else thing
    own = getattr(type(owner), "__numir_overload__", None)
    if own is not None:
        return [(own(owner), False)]
    return _choosers.get(_Key(thing), ())[::-1]


def name_of(thing):
    """The name of what has choosers, and whether it is an attribute; None for what has none."""
    if not _choosers_of(thing):
        return None
    if isinstance(thing, Member):
        return thing.name, thing.is_property
    return getattr(thing, "__name__", repr(thing)), False


def member(of, name):
    """The member of that name of a type as it is spelt, or the function of a module (`module numpy`); None if there is none."""
    if of.startswith("module "):
        found = getattr(sys.modules.get(of.removeprefix("module ")), name, None)
        return found if found is not None and name_of(found) else None
    ty = _type(of)
    found = [one for one in _members.get(name, ()) if one.is_of(ty) or one.is_of(unliteral(ty))]
    return found[-1] if found else None


def choose(thing, positional, keywords):
    """The function that implements a call with arguments of these types, as they are spelt; None, or a text why there is none."""
    positional = [_type(text) for text in positional]
    keywords = {name: _type(text) for name, text in keywords}
    why = None
    for chooser, prefer_literal in _choosers_of(thing):
        for is_literal in (prefer_literal, not prefer_literal):
            form = (lambda ty: ty) if is_literal else unliteral
            given = [form(ty) for ty in positional], {name: form(ty) for name, ty in keywords.items()}
            try:
                chosen = chooser(*given[0], **given[1])
            except errors.NumbaError as error:
                why = why or str(error)
                continue
            except TypeError as error:
                if _fits(chooser, *given):
                    raise
                why = why or str(error)
                continue
            if chosen is not None:
                return _checked(chooser, chosen)
    return why


def _fits(chooser, positional, keywords):
    import inspect

    try:
        inspect.signature(chooser).bind(*positional, **keywords)
    except TypeError:
        return False
    return True


def _checked(chooser, chosen):
    """What was chosen, which has to be a function with the parameters of its chooser; or a text that says what is wrong."""
    import inspect

    function = getattr(chosen, "py_func", chosen)
    if not hasattr(function, "__code__"):
        return f"{chooser.__qualname__}() must return a function or None, not {chosen!r}"
    if chooser.__module__ == "numir._elementwise":
        return chosen
    expected = list(inspect.signature(chooser).parameters)
    found = list(inspect.signature(function).parameters)
    if expected != found:
        return (
            f"the implementation that {chooser.__qualname__}() returns has the parameters ({', '.join(found)}), "
            f"not ({', '.join(expected)}) as it has itself"
        )
    return chosen


def _type(text):
    try:
        return convert.of_spelling(text)
    except errors.NumbaError:
        # A type that exists only while compiling, as that of a function.
        return Type(text)

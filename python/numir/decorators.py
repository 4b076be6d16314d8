"""`jit` and `njit`: their forms and options. What they make of a function is in `dispatcher`."""

from collections import namedtuple

from numir import config

# The options with their defaults.
Options = namedtuple(
    "Options",
    "parallel fastmath cache nogil boundscheck error_model inline debug",
    defaults=(False, False, False, False, None, "python", "never", False),
)

# Taken because Numba takes them; what they ask for is the case anyway, or has no meaning here.
_WITHOUT_MEANING = frozenset(
    ("nopython", "locals", "no_cpython_wrapper", "no_cfunc_wrapper", "no_rewrites", "forceinline", "_nrt", "chunksize")
)
_REFUSED = {
    "forceobj": "there is no object mode: what numir compiles never calls back into the interpreter",
    "looplift": "there is no object mode to lift loops out of",
    "pipeline_class": "numir's passes are chosen by its scheduler: see docs/adding-a-pass.md",
}
_FASTMATH = frozenset(("fast", "nnan", "ninf", "nsz", "arcp", "contract", "afn", "reassoc"))


def options_from(keywords):
    """The options that keywords ask for.

    Raises TypeError for one that there is not, UnsupportedError for one that numir cannot follow.
    """
    chosen = {}
    for name, value in keywords.items():
        if name in Options._fields:
            chosen[name] = value
        elif name in _REFUSED:
            if value:
                from numir import errors

                raise errors.UnsupportedError(f"{name}=True: {_REFUSED[name]}")
        elif name not in _WITHOUT_MEANING:
            raise TypeError(f"jit() got an unexpected keyword argument {name!r}{_similar(name)}")
    if chosen.get("error_model", "python") not in ("python", "numpy"):
        raise ValueError(f"error_model is 'python' or 'numpy', not {chosen['error_model']!r}")
    if chosen.get("inline", "never") not in ("never", "always") and not callable(chosen["inline"]):
        raise ValueError(f"inline is 'never' or 'always', not {chosen['inline']!r}")
    fastmath = chosen.get("fastmath", False)
    if not isinstance(fastmath, bool):
        unknown = set(fastmath if not isinstance(fastmath, str) else (fastmath,)) - _FASTMATH
        if unknown:
            raise ValueError(f"unrecognized fastmath flags {unknown}: there are {', '.join(sorted(_FASTMATH))}")
        chosen["fastmath"] = frozenset((fastmath,) if isinstance(fastmath, str) else fastmath)
    return Options(**chosen)


def _similar(name):
    import difflib

    near = difflib.get_close_matches(name, [*Options._fields, *_WITHOUT_MEANING], 1)
    return f": did you mean {near[0]!r}?" if near else ""


def jit(signature_or_function=None, *, signature=None, **options):
    """Compile a function for the types of its arguments when it is called.

    Bare (`@jit`), with options (`@jit(parallel=True)`), or with one or more signatures, for which it is compiled at once and which are
    then the only ones (`@jit("float64(float64)")`).
    """
    chosen = options_from(options)
    given = signature if signature is not None else signature_or_function
    if _is_function(given):
        return _decorate(given, chosen, ())
    if given is None:
        return lambda function: _decorate(function, chosen, ())

    def decorate(function):
        if config.DISABLE_JIT:
            return function
        from numir import signatures

        return _decorate(function, chosen, signatures.parse(given))

    return decorate


def njit(signature_or_function=None, **options):
    """As `jit`: numir has no object mode."""
    return jit(signature_or_function, **options)


def _is_function(thing):
    # Whatever is callable and is no type or signature; `make` says what is wrong with it.
    return callable(thing) and not hasattr(thing, "spelling") and not hasattr(thing, "return_type")


def _decorate(function, options, signatures):
    if config.DISABLE_JIT:
        return function
    from numir import dispatcher

    if isinstance(function, dispatcher.Dispatcher):
        function = function.py_func
    if isinstance(function, (staticmethod, classmethod)):
        return type(function)(_decorate(function.__func__, options, signatures))
    return dispatcher.make(function, options, signatures)


def register_jitable(function=None, **options):
    """A function that is compiled where compiled code calls it, and stays Python elsewhere."""
    options_from(options)
    return (lambda function: function) if function is None else function


class prange:  # noqa: N801 - the name that programs use
    """A range whose iterations may run in any order and at the same time; outside of compiled code a plain range."""

    def __new__(cls, *arguments):
        """As `range`."""
        return range(*arguments)


def literal_unroll(container):
    """A tuple to loop over whose items may differ in type: every loop over a tuple is one."""
    return container

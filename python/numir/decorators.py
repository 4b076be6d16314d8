"""`jit`, `njit`, `register_jitable`, and the names that mean something in compiled functions only."""

from types import MethodType

from numir import config, options

# The options' class under the name that those who make dispatchers know.
Options = options.Options


def jit(signature_or_function=None, **given):
    """Compile a function when it is called, for the types of the arguments; or, with signatures, at once for just these.

    Used bare (`@jit`), with options (`@jit(parallel=True)`), with a signature or a list of them (`@jit("float64(float64)")`). The options:
    `parallel` runs `prange` loops, and large array expressions, on all threads; `fastmath` (True, or a set of LLVM's flags) lets arithmetic on floats be reordered;
    `cache` keeps compiled code in a folder; `nogil` lets other Python threads run; `boundscheck=False` leaves indices unchecked;
    `error_model="numpy"` gives inf or nan for divisions by zero; `inline="always"`; `debug`; `locals` gives names types.
    """
    return _decorate("jit", signature_or_function, given)


def njit(signature_or_function=None, **given):
    """As `jit`: there is no other mode than compiling all of a function."""
    return _decorate("njit", signature_or_function, given)


def _decorate(name, first, given):
    chosen = options.make(name, given)
    declared = ()
    if isinstance(first, (staticmethod, classmethod)):
        return _compiled(name, first, chosen, declared)
    if first is not None and not callable(first) or _is_type(first):
        from numir import signatures

        declared = tuple(signatures.parse(first))
        first = None

    def decorate(function):
        return _compiled(name, function, chosen, declared)

    return decorate if first is None else decorate(first)


def _is_type(thing):
    from numir.types import Type

    return isinstance(thing, Type)


def _compiled(name, function, chosen, declared):
    if config.DISABLE_JIT:
        return function
    if isinstance(function, (staticmethod, classmethod)):
        return type(function)(_compiled(name, function.__func__, chosen, declared))
    from numir import dispatcher

    if isinstance(function, dispatcher.Dispatcher):
        function = function.py_func
    if isinstance(function, (type, MethodType)) or not hasattr(function, "__code__"):
        _refuse(name, function)
    return dispatcher.make(function, chosen, declared)


def _refuse(name, thing):
    """Say what is wrong with what is no function."""
    if isinstance(thing, type):
        raise TypeError(f"{name}() compiles functions; {thing.__name__} is a class")
    if isinstance(thing, MethodType):
        raise TypeError(
            f"{name}() compiles functions; {thing.__qualname__} is bound to an object: decorate it in its class"
        )
    raise TypeError(f"{name}() compiles Python functions; {thing!r} is none")


def register_jitable(*arguments, **given):
    """Say that a function may be called by compiled ones. It stays a Python function, for Python to call."""
    if arguments:
        return _jitable(arguments[0], options.Options())
    chosen = options.make("register_jitable", given)
    return lambda function: _jitable(function, chosen)


def _jitable(function, chosen):
    function.__numir_options__ = chosen
    return function


class prange:
    """A range whose iterations may run at once in a function compiled with `parallel=True`; elsewhere it is `range`."""

    def __new__(cls, *arguments):
        return range(*arguments)


def literal_unroll(container):
    """Iterate over a tuple with items of several types: the loop is unrolled. In compiled code every loop over such a tuple is."""
    return container


def literally(value):
    """Say that a value is to be known when the function is compiled. Outside of compiled code it is the value."""
    return value


class _ObjectMode:
    """`with objmode(y="float64[:]"):` has Python run a block of a compiled function; what is used after it is declared with its type.

    Outside of compiled code the block is run as it stands.
    """

    __numir_name__ = "objmode"

    def __call__(self, **types):
        return self

    def __enter__(self):
        return None

    def __exit__(self, *error):
        return False


objmode = _ObjectMode()


def jit_module(**given):
    """Compile all functions that the calling module has defined so far."""
    import sys
    from types import FunctionType

    chosen = options.make("jit_module", given)
    scope = sys._getframe(1).f_globals
    for name, value in list(scope.items()):
        if isinstance(value, FunctionType) and value.__module__ == scope["__name__"]:
            scope[name] = _compiled("jit_module", value, chosen, ())

"""What `njit` puts in a function's place: the methods of a compiled function, around the call path of `_numir.Dispatcher`.

The type itself is made by the extension module, so that a call goes straight to compiled code; what is not on that way is
Python and is added to the type here.
"""

from collections import namedtuple

from numir import _numir, _texts, config

Dispatcher = _numir.Dispatcher

_COPIED = ("__module__", "__name__", "__qualname__", "__annotations__", "__type_params__")


# Called with each dispatcher that is made, where somebody wants to know; `annotate` does.
observer = None


def make(function, options, signatures=(), c_result=None):
    """A dispatcher for a Python function; compiled at once where signatures are declared. With `c_result` it is a function of C too,
    which gives that type."""
    boundscheck = options.boundscheck
    if boundscheck is None or options.debug:
        boundscheck = True
    if config.BOUNDSCHECK is not None:
        boundscheck = config.BOUNDSCHECK
    if options.target.startswith("cuda"):
        from numir import _libdevice

        _libdevice.find()
    dispatcher = _numir.make_dispatcher(
        function,
        boundscheck=bool(boundscheck),
        python_errors=options.error_model != "numpy",
        interruptible=True,
        fast_math=",".join(sorted(options.fastmath)),
        parallel=options.parallel,
        level=options.level,
        target="host" if options.target == "cpu" else options.target,
        cache=options.cache,
        c_result=c_result,
    )
    for name in _COPIED:
        value = getattr(function, name, None)
        if value is not None:
            setattr(dispatcher, name, value)
    # Also where it is None: the type has documentation of its own.
    dispatcher.__doc__ = function.__doc__
    dispatcher.__dict__.update(function.__dict__)
    dispatcher.__wrapped__ = function
    _texts.note(function)
    dispatcher.options = options
    dispatcher._declared = []
    if observer:
        observer(dispatcher)
    if signatures:
        for signature in signatures:
            _declare(dispatcher, signature)
        _numir.set_closed(dispatcher, True)
    return dispatcher


OMITTED = "omitted"


def _spellings(types):
    return [ty if ty == OMITTED else ty.spelling for ty in types]


def _type(spelling):
    """The type that the extension module writes so; a parameter that was left to its default has none."""
    from numir import types

    return spelling if spelling == OMITTED else types.of_spelling(spelling)


def _declare(dispatcher, signature):
    _compile_for(dispatcher, signature)
    dispatcher._declared.append(signature)


def _compile_for(dispatcher, signature):
    wanted = signature.return_type
    _numir.compile(dispatcher, _spellings(signature.args), None if wanted is None else wanted.spelling)


def _signatures(self):
    """The types of the arguments it is compiled for, one tuple per specialisation."""
    return [tuple(_type(ty) for ty in parameters) for parameters, _, _ in _numir.specialisations(self)]


Overload = namedtuple("Overload", "signature entry_point")
Overload.__doc__ = "One specialisation: its signature, and the dispatcher that calls it."


def _specialisations(self):
    """The signatures of the specialisations."""
    from numir.types import Signature

    return [
        Signature(_type(result), tuple(_type(ty) for ty in parameters))
        for parameters, result, _ in _numir.specialisations(self)
    ]


def _overloads(self):
    """The specialisations by the types of their arguments."""
    return {signature.args: Overload(signature, self) for signature in _specialisations(self)}


def _recompile(self):
    """Compile again for all types seen so far: globals may have changed."""
    known = [parameters for parameters, _, _ in _numir.specialisations(self)]
    _numir.forget(self)
    for signature in self._declared:
        _compile_for(self, signature)
    for parameters in known:
        _numir.compile(self, parameters)


def _compile(self, signature):
    """Compile for a signature, which calls then find."""
    from numir import signatures

    for one in signatures.parse(signature):
        _declare(self, one)


def _disable_compile(self, disabled=True):
    """Take no other types than those compiled so far."""
    _numir.set_closed(self, disabled)


def _inspect(self, stage, signature=None):
    """The text of a stage on the way down: numeric, linalg, scf, llvm, llvm-ir or asm.

    With a signature that of one specialisation; else a dictionary of all, or the only one's text.
    """
    if signature is not None:
        from numir import signatures

        return _numir.inspect(self, _spellings(signatures.parse(signature)[0].args), stage)
    texts = {types: _numir.inspect(self, _spellings(types), stage) for types in _signatures(self)}
    return next(iter(texts.values())) if len(texts) == 1 else texts


def _inspect_all(self, stage, signature):
    if signature is not None:
        return _inspect(self, stage, signature)
    return {types: _numir.inspect(self, _spellings(types), stage) for types in _signatures(self)}


def _inspect_llvm(self, signature=None):
    """LLVM IR after LLVM's passes, by signature."""
    return _inspect_all(self, "llvm-ir", signature)


def _inspect_asm(self, signature=None):
    """Assembly, by signature."""
    return _inspect_all(self, "asm", signature)


def _inspect_types(self, file=None, signature=None, **_):
    """Print the function's source; behind each line the names that it binds, with their types."""
    import sys

    from numir import _source

    told = _inspect_all(self, "types", signature)
    for types, text in told.items() if signature is None else [(signature, told)]:
        bound = {}
        for row in text.splitlines():
            line, name, ty = row.split("\t")
            bound.setdefault(int(line), []).append(f"{name}: {ty}")
        path, first, lines = _source.lines_of(self.py_func)
        print(f"{self.__name__} {types}  {path}:{first}", file=file or sys.stdout)
        for number, line in enumerate(lines, first):
            names = ", ".join(bound.get(number, ()))
            print(f"{line.rstrip():<60}  # {names}" if names else line.rstrip(), file=file or sys.stdout)


def _parallel_diagnostics(self, signature=None, level=1):
    """Print which loops run in parallel and what else the compiler did for speed; up to level 4 in ever more detail."""
    from numir import _remarks

    told = (
        {signature: self.inspect("remarks", signature)}
        if signature is not None
        else _inspect_all(self, "remarks", None)
    )
    if not told:
        raise ValueError(f"{self.__name__}() is not compiled yet: call it, or give a signature")
    for types, text in told.items():
        _remarks.print_parallel(self, types, text, level)


def _inspect_cfg(self, signature=None, show_wrapper=None):
    """The control flow of the compiled function's LLVM code, by signature; with one, or a name for `show_wrapper`, of just that."""
    from numir import _cfg

    name = show_wrapper or self.__name__
    if signature is not None:
        return _cfg.ControlFlow(name, _inspect(self, "llvm-ir", signature), bool(show_wrapper))
    return {types: _cfg.ControlFlow(name, text, bool(show_wrapper)) for types, text in _inspect_llvm(self).items()}


class Stats(dict):
    """Seconds that the steps of compiling took, by signature; the one step of what came from the cache is called `cache`.

    `cache_path` is the folder that the function is kept in, None where it is not; `cache_hits` and `cache_misses` count, by signature, how
    often compiled code was found there and how often not.
    """

    def __init__(self, dispatcher):
        from collections import Counter

        for parameters, _, phases in _numir.specialisations(dispatcher):
            self[tuple(_type(ty) for ty in parameters)] = dict(phases)
        self.cache_hits, self.cache_misses = Counter(), Counter()
        for parameters, found, count in _numir.cache_counts(dispatcher):
            counter = self.cache_hits if found else self.cache_misses
            counter[tuple(_type(ty) for ty in parameters)] += count
        self.cache_path = None
        if dispatcher.options.cache:
            from numir import _cache

            self.cache_path = _cache.place(dispatcher.py_func)[0][0]


def _stats(self):
    """What compiling took and what the cache gave."""
    return Stats(self)


def _reduce(self):
    from numir import _pickle

    return _pickle.reduce(self)


def _copy(self, memo=None):
    # As functions are copied: not at all.
    return self


def _repr(self):
    return f"<numir function {self.__qualname__} at {id(self):#x}>"


_METHODS = {
    "__copy__": _copy,
    "__deepcopy__": _copy,
    "__reduce__": _reduce,
    "__repr__": _repr,
    "compile": _compile,
    "disable_compile": _disable_compile,
    "inspect": _inspect,
    "inspect_asm": _inspect_asm,
    "inspect_cfg": _inspect_cfg,
    "inspect_llvm": _inspect_llvm,
    "inspect_types": _inspect_types,
    "nopython_signatures": property(_specialisations),
    "parallel_diagnostics": _parallel_diagnostics,
    "overloads": property(_overloads),
    "recompile": _recompile,
    "signatures": property(_signatures),
    "stats": property(_stats),
}

for _name, _method in _METHODS.items():
    setattr(Dispatcher, _name, _method)

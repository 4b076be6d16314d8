"""`cuda.jit`: functions that a program launches on a grid of threads, as `f[blocks, threads](…)`.

A launch is compiled too: a function of the grid's extents and of the kernel's arguments, which starts the kernel.
"""

from operator import index

from numir import _texts, decorators, dispatcher, options
from numir.cuda import _intrinsics, _place

# What the launching function takes before the kernel's arguments.
_GEOMETRY = ("_grid_x", "_grid_y", "_grid_z", "_block_x", "_block_y", "_block_z", "_shared")


def jit(signature_or_function=None, device=False, **given):
    """Compile a function as a kernel, which is launched on a grid of threads: `f[blocks, threads, stream, shared_bytes](…)`.

    With `device=True` it is a function that kernels call. The options are those of `numir.jit`, as far as they make sense in a
    kernel; `target` is "cuda", "cuda:sm_90" and the like, or "cuda-sim", which runs kernels on the CPU. `max_registers` is how many
    registers a thread has at most; `launch_bounds` how many threads a block has at most, or a tuple of that and of how many blocks are to
    fit on a multiprocessor at least. With `lineinfo` the code tells profilers and debuggers which lines of the program it is of; with `debug`
    it is not optimised besides.
    """
    given.setdefault("target", _place.target())
    chosen = options.make("cuda.jit", given, kernels=True)
    declared = ()
    first = signature_or_function
    if first is not None and (not callable(first) or decorators._is_type(first)):
        from numir import signatures

        declared, first = tuple(signatures.parse(first)), None

    def decorate(function):
        if isinstance(function, Kernel):
            function = function.py_func
        if not hasattr(function, "__code__"):
            decorators._refuse("cuda.jit", function)
        if device:
            return decorators._jitable(function, chosen)
        return Kernel(function, chosen, declared)

    return decorate if first is None else decorate(first)


def _parameters(function):
    """The names of a function's parameters, and of the one that takes what is left, if there is one."""
    code = function.__code__
    if code.co_kwonlyargcount or code.co_flags & 8:
        raise TypeError(f"{function.__name__}(): a kernel takes positional arguments only")
    names = code.co_varnames[: code.co_argcount]
    return names, code.co_varnames[code.co_argcount] if code.co_flags & 4 else None


def _launcher(kernel, chosen):
    """A dispatcher of the function that starts a kernel."""
    function = kernel.py_func
    decorators._jitable(function, chosen)
    names, rest = _parameters(function)
    arguments = ", ".join([*names, *([f"*{rest}"] if rest else [])])
    given = "".join(f"{name}, " for name in names)
    given = f"({given}*{rest},)" if rest and names else rest if rest else f"({given})"
    name = function.__name__ if function.__name__.isidentifier() else "kernel"
    text = (
        f"def {name}({', '.join(_GEOMETRY)}, {arguments}):\n    _launch(_kernel, ({', '.join(_GEOMETRY)}), {given})\n"
    )
    path = f"<numir launch of {name}({arguments})>"
    scope = {"_launch": _intrinsics.launch, "_kernel": kernel}
    _texts.execute(text, path, scope)
    launch = scope[name]
    launch.__defaults__ = function.__defaults__
    return dispatcher.make(launch, chosen)


def _extents(what, given):
    """The three extents of a grid or a block."""
    extents = given if isinstance(given, (tuple, list)) else (given,)
    if not 1 <= len(extents) <= 3:
        raise ValueError(f"{what} must be an integer or a tuple of 1 to 3 integers, not {given!r}")
    try:
        extents = tuple(index(extent) for extent in extents)
    except TypeError:
        raise TypeError(f"{what} must be an integer or a tuple of 1 to 3 integers, not {given!r}") from None
    return extents + (1,) * (3 - len(extents))


class Kernel:
    """A function that is launched on a grid of threads: `kernel[blocks, threads](…)`."""

    def __init__(self, function, chosen, declared=()):
        self.py_func = function
        self.options = chosen
        self.__wrapped__ = function
        for name in ("__name__", "__qualname__", "__module__", "__doc__"):
            setattr(self, name, getattr(function, name, None))
        # The compiler takes it for the function.
        self.__numir_function__ = function
        self._launch = _launcher(self, chosen)
        self._configured = {}
        names, rest = _parameters(function)
        least = len(names) - len(function.__defaults__ or ())
        self._counts = (least, None if rest else len(names))
        for signature in declared:
            self.compile(signature.args)
        if declared:
            self._launch.disable_compile()

    def __getitem__(self, given):
        if not isinstance(given, tuple) or len(given) < 2:
            raise ValueError(
                f"a launch of {self.__name__} needs blocks and threads: {self.__name__}[blocks, threads](…)"
            )
        try:
            known = self._configured.get(given)
        except TypeError:
            known, given = None, (*given[:2], *given[2:])
        if known is None:
            known = self._configure(*given)
            if len(self._configured) < 256 and all(type(part) in (int, tuple) for part in given):
                self._configured[given] = known
        return known

    def _configure(self, blocks, threads, stream=0, shared=0):
        geometry = (*_extents("griddim", blocks), *_extents("blockdim", threads), index(shared))
        return Configured(self, geometry, stream)

    def configure(self, griddim, blockdim, stream=0, sharedmem=0):
        """The kernel with a grid: what `kernel[griddim, blockdim, stream, sharedmem]` gives."""
        return self._configure(griddim, blockdim, stream, sharedmem)

    def forall(self, ntasks, tpb=0, stream=0, sharedmem=0):
        """The kernel on so many blocks of `tpb` threads that there is a thread for each of `ntasks` tasks."""
        if ntasks < 0:
            raise ValueError(f"Can't create ForAll with negative task count: {ntasks}")
        threads = tpb or 256
        return self._configure(max(1, -(-ntasks // threads)), threads, stream, sharedmem)

    def __call__(self, *arguments, **keywords):
        raise ValueError(f"a launch of {self.__name__} needs blocks and threads: {self.__name__}[blocks, threads](…)")

    def check_count(self, count):
        """TypeError for another number of arguments than the kernel takes."""
        least, most = self._counts
        if count < least or most is not None and count > most:
            wanted = f"{least} or more" if most is None else most if least == most else f"{least} to {most}"
            raise TypeError(f"{self.__name__}() takes {wanted} arguments; {count} were given")

    def compile(self, types):
        """Compile for the types of a signature's arguments, which launches then find."""
        from numir import signatures
        from numir.types import int64

        (signature,) = signatures.parse(types) if not isinstance(types, tuple) else [types]
        arguments = getattr(signature, "args", signature)
        self._launch.compile((int64,) * len(_GEOMETRY) + tuple(arguments))

    @property
    def signatures(self):
        """The types of the arguments it is compiled for, one tuple per specialisation."""
        return [types[len(_GEOMETRY) :] for types in self._launch.signatures]

    def inspect(self, stage, signature=None):
        """The text of a stage on the way down: numeric, linalg, scf, gpu, nvvm or ptx; of the only specialisation, or by its types."""
        from numir import signatures
        from numir.types import int64

        if signature is not None:
            types = signatures.parse(signature)[0].args
            return self._launch.inspect(stage, (int64,) * len(_GEOMETRY) + tuple(types))
        texts = self._launch.inspect(stage)
        if isinstance(texts, dict):
            return {types[len(_GEOMETRY) :]: text for types, text in texts.items()}
        return texts

    def _by_signature(self, stage, signature):
        if signature is not None:
            return self.inspect(stage, signature)
        texts = self.inspect(stage)
        return texts if isinstance(texts, dict) else {self.signatures[0]: texts}

    def inspect_asm(self, signature=None):
        """PTX, by signature."""
        return self._by_signature("ptx", signature)

    def inspect_llvm(self, signature=None):
        """The nvvm dialect's form, by signature."""
        return self._by_signature("nvvm", signature)

    def _uses(self, attribute, signature):
        """A number that the device has for the kernel, of the specialisation for a signature's types; without one a dictionary of all."""
        from numir import _numir, signatures
        from numir.types import int64

        def ask(types):
            return max(_numir.kernel_attributes(self._launch, dispatcher._spellings(types), attribute))

        if signature is None:
            return {types[len(_GEOMETRY) :]: ask(types) for types in self._launch.signatures}
        return ask((int64,) * len(_GEOMETRY) + tuple(signatures.parse(signature)[0].args))

    def get_max_threads_per_block(self, signature=None):
        """The most threads that a block may have; of the specialisation for a signature, or a dictionary of all."""
        return self._uses(0, signature)

    def get_shared_mem_per_block(self, signature=None):
        """Bytes of a block's shared memory, but for what a launch sizes; of the specialisation for a signature, or a dictionary of all."""
        return self._uses(1, signature)

    def get_const_mem_size(self, signature=None):
        """Bytes of constant memory; of the specialisation for a signature, or a dictionary of all."""
        return self._uses(2, signature)

    def get_local_mem_per_thread(self, signature=None):
        """Bytes of a thread's memory besides registers; of the specialisation for a signature, or a dictionary of all."""
        return self._uses(3, signature)

    def get_regs_per_thread(self, signature=None):
        """Registers of a thread; of the specialisation for a signature, or a dictionary of all."""
        return self._uses(4, signature)

    def __repr__(self):
        return f"<numir kernel {self.__qualname__} at {id(self):#x}>"


def In(array):
    """An argument of a launch that the kernel only reads. The compiler sees what a kernel reads and writes: the array itself says as much."""
    return array


def Out(array):
    """An argument of a launch that the kernel only writes, see `In`."""
    return array


def InOut(array):
    """An argument of a launch that the kernel reads and writes, see `In`."""
    return array


def compile_ptx(pyfunc, sig, debug=False, lineinfo=False, device=False, fastmath=False, cc=None, opt=True):
    """The PTX of a kernel for the types of a signature, and the type that it returns; `cc` is the compute capability, as in `(9, 0)`."""
    from numir import signatures
    from numir.types import none

    if device:
        from numir.errors import UnsupportedError

        raise UnsupportedError("compile_ptx(device=True): functions that kernels call are compiled with them")
    function = pyfunc.py_func if isinstance(pyfunc, Kernel) else pyfunc
    target = "cuda" if cc is None else f"cuda:sm_{cc[0]}{cc[1]}"
    chosen = {"target": target, "fastmath": fastmath, "debug": debug, "lineinfo": lineinfo}
    chosen = options.make("compile_ptx", chosen, kernels=True)
    (signature,) = signatures.parse(sig)
    return Kernel(function, chosen).inspect("ptx", signature), none


class Configured:
    """A kernel with the grid that it is launched on."""

    __slots__ = ("_launch", "geometry", "kernel", "stream")

    def __init__(self, kernel, geometry, stream):
        self.kernel, self._launch, self.geometry, self.stream = kernel, kernel._launch, geometry, stream

    def __call__(self, *arguments, **keywords):
        if keywords:
            raise TypeError(f"{self.kernel.__name__}(): a kernel takes its arguments by their places")
        try:
            if not self.stream:
                self._launch(*self.geometry, *arguments)
                return
            from numir.cuda import _streams

            with _streams.entered(self.stream):
                self._launch(*self.geometry, *arguments)
        except TypeError:
            # The launch counts the grid's extents too.
            self.kernel.check_count(len(arguments))
            raise

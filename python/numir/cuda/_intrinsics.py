"""The names of `numir.cuda` that mean something in kernels: the compiler knows them by their names, Python has no use for them."""


class _Name:
    """A name that kernels use. Of a module or a register, names within it too."""

    def __init__(self, name, inner=()):
        self.__numir_name__ = f"cuda.{name}"
        self.__name__ = name
        for one in inner:
            setattr(self, one, _Name(f"{name}.{one}"))

    def __call__(self, *arguments, **keywords):
        raise RuntimeError(f"cuda.{self.__name__}() means something in a kernel only: a function with `@cuda.jit`")

    def __repr__(self):
        return f"<numir.cuda.{self.__name__}, for kernels>"


_AXES = ("x", "y", "z")
_ATOMICS = "add sub max min nanmax nanmin and_ or_ xor inc dec exch cas compare_and_swap".split()

_WITHIN = {
    "threadIdx": _AXES,
    "blockIdx": _AXES,
    "blockDim": _AXES,
    "gridDim": _AXES,
    "shared": ("array",),
    "local": ("array",),
    "const": ("array_like",),
    "atomic": _ATOMICS,
    "cg": ("this_grid",),
}

_FUNCTIONS = """
    grid gridsize laneid syncthreads syncthreads_count syncthreads_and syncthreads_or syncwarp
    threadfence threadfence_block threadfence_system
    shfl_sync shfl_up_sync shfl_down_sync shfl_xor_sync all_sync any_sync eq_sync ballot_sync
    match_any_sync match_all_sync activemask lanemask_lt
    popc brev clz ffs fma cbrt selp nanosleep
""".split()

NAMES = {name: _Name(name, inner) for name, inner in _WITHIN.items()}
NAMES.update((name, _Name(name)) for name in _FUNCTIONS)
NAMES["warpsize"] = 32

# Those of `numir.cuda.random`.
RANDOM = {
    name: _Name(f"random.{name}")
    for name in (
        "init_xoroshiro128p_state",
        "xoroshiro128p_jump",
        "xoroshiro128p_next",
        "uint64_to_unit_float32",
        "uint64_to_unit_float64",
        "xoroshiro128p_uniform_float32",
        "xoroshiro128p_uniform_float64",
        "xoroshiro128p_normal_float32",
        "xoroshiro128p_normal_float64",
    )
}

launch = _Name("launch")
launch.__numir_name__ = "intrinsics.launch"

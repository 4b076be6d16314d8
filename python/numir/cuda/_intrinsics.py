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

# Vectors, under the names of their types and of C's.
_BASES = "int8 int16 int32 int64 uint8 uint16 uint32 uint64 float32 float64".split()
_C_BASES = "char short int long longlong uchar ushort uint ulong ulonglong float double".split()
VECTORS = [f"{base}x{count}" for base in _BASES for count in (1, 2, 3, 4)]
VECTORS += [f"{base}{count}" for base in _C_BASES for count in (1, 2, 3, 4)]
NAMES.update((name, _Name(name)) for name in VECTORS)

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

# Those of `numir.cuda.fp16`.
FP16 = {
    name: _Name(f"fp16.{name}")
    for name in """
    hadd hsub hmul hdiv hfma hneg habs heq hne hgt hge hlt hle hmax hmin hsin hcos htanh hexp hexp2 hexp10 hlog hlog2 hlog10
    hsqrt hrsqrt hrcp hfloor hceil hrint htrunc
""".split()
}

# Those of `numir.cuda.libdevice`.
LIBDEVICE = {
    name: _Name(f"libdevice.{name}")
    for name in """
    abs acos acosf acosh acoshf asin asinf asinh asinhf atan atan2 atan2f atanf atanh atanhf brev brevll byte_perm
    cbrt cbrtf ceil ceilf clz clzll copysign copysignf cos cosf cosh coshf cospi cospif dadd_rd dadd_rn dadd_ru
    dadd_rz ddiv_rd ddiv_rn ddiv_ru ddiv_rz dmul_rd dmul_rn dmul_ru dmul_rz double2float_rd double2float_rn
    double2float_ru double2float_rz double2hiint double2int_rd double2int_rn double2int_ru double2int_rz
    double2ll_rd double2ll_rn double2ll_ru double2ll_rz double2loint double2uint_rd double2uint_rn double2uint_ru
    double2uint_rz double2ull_rd double2ull_rn double2ull_ru double2ull_rz double_as_longlong drcp_rd drcp_rn
    drcp_ru drcp_rz dsqrt_rd dsqrt_rn dsqrt_ru dsqrt_rz erf erfc erfcf erfcinv erfcinvf erfcx erfcxf erff erfinv
    erfinvf exp exp10 exp10f exp2 exp2f expf expm1 expm1f fabs fabsf fadd_rd fadd_rn fadd_ru fadd_rz fast_cosf
    fast_exp10f fast_expf fast_fdividef fast_log10f fast_log2f fast_logf fast_powf fast_sincosf fast_sinf fast_tanf
    fdim fdimf fdiv_rd fdiv_rn fdiv_ru fdiv_rz ffs ffsll finitef float2half_rn float2int_rd float2int_rn
    float2int_ru float2int_rz float2ll_rd float2ll_rn float2ll_ru float2ll_rz float2uint_rd float2uint_rn
    float2uint_ru float2uint_rz float2ull_rd float2ull_rn float2ull_ru float2ull_rz float_as_int floor floorf fma
    fma_rd fma_rn fma_ru fma_rz fmaf fmaf_rd fmaf_rn fmaf_ru fmaf_rz fmax fmaxf fmin fminf fmod fmodf fmul_rd
    fmul_rn fmul_ru fmul_rz frcp_rd frcp_rn frcp_ru frcp_rz frexp frexpf frsqrt_rn fsqrt_rd fsqrt_rn fsqrt_ru
    fsqrt_rz fsub_rd fsub_rn fsub_ru fsub_rz hadd half2float hiloint2double hypot hypotf ilogb ilogbf int2double_rn
    int2float_rd int2float_rn int2float_ru int2float_rz int_as_float isfinited isinfd isinff isnand isnanf j0 j0f j1
    j1f jn jnf ldexp ldexpf lgamma lgammaf ll2double_rd ll2double_rn ll2double_ru ll2double_rz ll2float_rd
    ll2float_rn ll2float_ru ll2float_rz llabs llmax llmin llrint llrintf llround llroundf log log10 log10f log1p
    log1pf log2 log2f logb logbf logf longlong_as_double max min modf modff mul24 mul64hi mulhi nearbyint nearbyintf
    nextafter nextafterf normcdf normcdff normcdfinv normcdfinvf popc popcll pow powf powi powif rcbrt rcbrtf
    remainder remainderf remquo remquof rhadd rint rintf round roundf rsqrt rsqrtf sad saturatef scalbn scalbnf
    signbitd signbitf sin sincos sincosf sincospi sincospif sinf sinh sinhf sinpi sinpif sqrt sqrtf tan tanf tanh
    tanhf tgamma tgammaf trunc truncf uhadd uint2double_rn uint2float_rd uint2float_rn uint2float_ru uint2float_rz
    ull2double_rd ull2double_rn ull2double_ru ull2double_rz ull2float_rd ull2float_rn ull2float_ru ull2float_rz
    ullmax ullmin umax umin umul24 umul64hi umulhi urhadd usad y0 y0f y1 y1f yn ynf
""".split()
}

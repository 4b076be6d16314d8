//! The names of attributes that values have in CPython and NumPy: one that is among them and not compiled is not missing.

use crate::value::Value;

/// Of every value.
const OBJECT: &str = "__class__ __delattr__ __dir__ __doc__ __eq__ __format__ __ge__ __getattribute__ __getstate__ __gt__ __hash__ \
    __init__ __init_subclass__ __le__ __lt__ __ne__ __new__ __reduce__ __reduce_ex__ __repr__ __setattr__ \
    __sizeof__ __str__ __subclasshook__";

/// Of Python's numbers of every kind.
const NUMBER: &str = "__abs__ __add__ __bool__ __getnewargs__ __mul__ __neg__ __pos__ __pow__ __radd__ __rmul__ __rpow__ __rsub__ \
    __rtruediv__ __sub__ __truediv__ conjugate imag real";

/// Of Python's numbers of some kind.
const SOME_NUMBER: &str = "__and__ __ceil__ __complex__ __divmod__ __float__ __floor__ __floordiv__ __getformat__ __index__ __int__ \
    __invert__ __lshift__ __mod__ __or__ __rand__ __rdivmod__ __rfloordiv__ __rlshift__ __rmod__ __ror__ __round__ \
    __rrshift__ __rshift__ __rxor__ __trunc__ __xor__ as_integer_ratio bit_count bit_length denominator from_bytes \
    fromhex hex is_integer numerator to_bytes";

/// Of NumPy's scalars of every kind.
const NUMPY: &str = "T __abs__ __add__ __and__ __array__ __array_interface__ __array_namespace__ __array_priority__ \
    __array_struct__ __array_wrap__ __bool__ __class_getitem__ __copy__ __deepcopy__ __divmod__ __float__ \
    __floordiv__ __getitem__ __int__ __invert__ __lshift__ __mod__ __mul__ __neg__ __or__ __pos__ __pow__ __radd__ \
    __rand__ __rdivmod__ __rfloordiv__ __rlshift__ __rmod__ __rmul__ __ror__ __rpow__ __rrshift__ __rshift__ \
    __rsub__ __rtruediv__ __rxor__ __setstate__ __sub__ __truediv__ __xor__ all any argmax argmin argsort astype \
    base byteswap choose clip compress conj conjugate copy cumprod cumsum data device diagonal dtype dump dumps \
    fill flags flat flatten getfield imag item itemsize max mean min nbytes ndim nonzero prod put ravel real \
    repeat reshape resize round searchsorted setfield setflags shape size sort squeeze std strides sum swapaxes \
    take to_device tobytes tofile tolist trace transpose var view";

/// Of NumPy's scalars of some kind.
const SOME_NUMPY: &str = "__ceil__ __complex__ __floor__ __getformat__ __getnewargs__ __index__ __round__ __trunc__ as_integer_ratio \
    bit_count denominator fromhex hex is_integer numerator";

/// Of arrays.
const ARRAY: &str = "T __abs__ __add__ __and__ __array__ __array_finalize__ __array_function__ __array_interface__ \
    __array_namespace__ __array_priority__ __array_struct__ __array_ufunc__ __array_wrap__ __bool__ \
    __class_getitem__ __complex__ __contains__ __copy__ __deepcopy__ __delitem__ __divmod__ __dlpack__ \
    __dlpack_device__ __float__ __floordiv__ __getitem__ __iadd__ __iand__ __ifloordiv__ __ilshift__ __imatmul__ \
    __imod__ __imul__ __index__ __int__ __invert__ __ior__ __ipow__ __irshift__ __isub__ __iter__ __itruediv__ \
    __ixor__ __len__ __lshift__ __matmul__ __mod__ __mul__ __neg__ __or__ __pos__ __pow__ __radd__ __rand__ \
    __rdivmod__ __rfloordiv__ __rlshift__ __rmatmul__ __rmod__ __rmul__ __ror__ __rpow__ __rrshift__ __rshift__ \
    __rsub__ __rtruediv__ __rxor__ __setitem__ __setstate__ __sub__ __truediv__ __xor__ all any argmax argmin \
    argpartition argsort astype base byteswap choose clip compress conj conjugate copy ctypes cumprod cumsum data \
    device diagonal dot dtype dump dumps fill flags flat flatten getfield imag item itemsize mT max mean min \
    nbytes ndim nonzero partition prod put ravel real repeat reshape resize round searchsorted setfield setflags \
    shape size sort squeeze std strides sum swapaxes take to_device tobytes tofile tolist trace transpose var view";

/// Of tuples.
const TUPLE: &str = "__add__ __class_getitem__ __contains__ __getitem__ __getnewargs__ __iter__ __len__ __mul__ __rmul__ count \
    index";

/// Of strings.
const TEXT: &str = "__add__ __contains__ __getitem__ __getnewargs__ __iter__ __len__ __mod__ __mul__ __rmod__ __rmul__ capitalize \
    casefold center count encode endswith expandtabs find format format_map index isalnum isalpha isascii \
    isdecimal isdigit isidentifier islower isnumeric isprintable isspace istitle isupper join ljust lower lstrip \
    maketrans partition removeprefix removesuffix replace rfind rindex rjust rpartition rsplit rstrip split \
    splitlines startswith strip swapcase title translate upper zfill";

/// Whether a value has an attribute of that name in CPython; None where that is not known here.
pub(super) fn has(value: &Value, name: &str) -> Option<bool> {
    let (all, some) = match value {
        Value::Array(..) => (ARRAY, ""),
        Value::Tuple(_) => (TUPLE, ""),
        Value::Text(_) => (TEXT, ""),
        other if other.scalar()?.is_python() => (NUMBER, SOME_NUMBER),
        _ => (NUMPY, SOME_NUMPY),
    };
    let among = |names: &str| names.split_whitespace().any(|known| known == name);
    if among(some) { None } else { Some(among(OBJECT) || among(all)) }
}

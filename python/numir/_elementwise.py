"""Ufuncs of the program in compiled code: the loops around their functions, written as Python for the ranks of a call's operands.

NumPy's loops are not there to be called: compiled code gets a function of its own, which broadcasts as NumPy does, is compiled
with the ufunc's function as its global, and is inlined and run in parallel like any other.
"""

import numpy as np

from numir import _texts, errors, types


def vectorized(function, loops):
    """What chooses the implementation of an element-wise function. `loops` are the dtypes of inputs and result that there are; None if any."""
    inputs = function.py_func.__code__.co_argcount

    def choose(*operands):
        if not inputs <= len(operands) <= inputs + 1:
            raise errors.TypingError(f"{function.__name__}() takes {inputs} operands, and at most one for the result")
        given = [_item(ty) for ty in operands[:inputs]]
        dtypes, result = _loop(function, given, loops)
        converted = dtypes if loops is not None else [None] * inputs
        ranks = [ty.ndim if isinstance(ty, types.Array) else None for ty in operands]
        return _elementwise(function, ranks, inputs, converted, result)

    return choose


def generalized(function, layout):
    """What chooses the implementation of a generalised ufunc: called with arrays for its results, as in Numba."""

    def choose(*operands):
        if len(operands) != len(layout.core):
            raise errors.TypingError(
                f"{function.__name__}() takes {len(layout.core)} operands, those for results included, "
                f"in compiled code; {len(operands)} were given"
            )
        ranks = [ty.ndim if isinstance(ty, types.Array) else 0 for ty in operands]
        for place, (rank, core) in enumerate(zip(ranks, layout.core)):
            if rank < len(core):
                raise errors.TypingError(
                    f"{function.__name__}(): operand {place + 1} needs {len(core)} axes, as in {layout.text!r}"
                )
        return _generalized(function, layout, ranks)

    return choose


def _item(ty):
    if isinstance(ty, types.Array):
        ty = ty.dtype
    if not isinstance(ty, (types.Number, types.Boolean)):
        raise errors.TypingError(f"{ty} is no operand of a ufunc")
    return ty


def _loop(function, given, loops):
    """The dtypes of the inputs and of the result for operands of these types."""
    if loops is None:
        from numir import _numir

        result = types.of_spelling(_numir.compile(function, [ty.spelling for ty in given]))
        return None, np.dtype(types.as_dtype(result))
    dtypes = [np.dtype(types.as_dtype(ty)) for ty in given]
    # As NumPy looks for one: the very types, else the first that they can be turned into.
    for loop in sorted(loops, key=lambda loop: [dtype.name for dtype in dtypes] != loop[:-1]):
        if all(np.can_cast(dtype, wanted) for dtype, wanted in zip(dtypes, loop)):
            return [np.dtype(name) for name in loop[:-1]], np.dtype(loop[-1])
    raise errors.TypingError(f"{function.__name__}() has no loop for ({', '.join(map(str, given))})")


def _subscript(axes, extra=""):
    return f"[{', '.join([*axes, *extra])}]" if axes or extra else "[()]"


def _broadcast(lines, shapes, rank):
    """Lines that find the common extents `n0`, … of operands, each the rank of its loop axes by its name."""
    for axis in range(rank):
        lines.append(f"    n{axis} = 1")
        for name, own in shapes.items():
            at = axis - (rank - own)
            if at >= 0:
                lines += [
                    f"    if {name}.shape[{at}] != 1 and {name}.shape[{at}] != n{axis}:",
                    f"        if n{axis} != 1:",
                    '            raise ValueError("operands could not be broadcast together")',
                    f"        n{axis} = {name}.shape[{at}]",
                    f"    {name}_{axis} = 0 if {name}.shape[{at}] == 1 else 1",
                ]


def _indices(name, own, rank):
    return [f"i{axis} * {name}_{axis}" for axis in range(rank - own, rank)]


def _span(lines, name, rank):
    """Lines that find the first byte of an array, `{name}_first`, and the one behind its last, `{name}_end`."""
    lines += [f"    {name}_first = {name}.ctypes.data", f"    {name}_end = {name}_first + {name}.itemsize"]
    for axis in range(rank):
        lines += [
            f"    reach = ({name}.shape[{axis}] - 1) * {name}.strides[{axis}]",
            "    if reach < 0:",
            f"        {name}_first += reach",
            "    else:",
            f"        {name}_end += reach",
        ]


def _meet(name, other):
    return f"{name}_first < {other}_end and {other}_first < {name}_end"


def _elementwise(function, ranks, inputs, converted, result):
    names = [f"a{place}" for place in range(inputs)]
    rank = max([own for own in ranks[:inputs] if own is not None], default=None)
    scope = {"function": function, "np": np, "result": result.type}
    calls = []
    if len(ranks) > inputs:
        rank = max(rank or 0, ranks[inputs] or 0)
    for place, (name, own, dtype) in enumerate(zip(names, ranks, converted)):
        item = name if own is None else name + _subscript(_indices(name, own, rank))
        if dtype is not None:
            scope[f"t{place}"] = dtype.type
            item = f"t{place}({item})"
        calls.append(item)
    value = f"function({', '.join(calls)})"
    given = len(ranks) > inputs
    header = [*names, "given"] if given else names
    lines = [f"def implementation({', '.join(header)}):"]
    shapes = {name: own for name, own in zip(names, ranks) if own is not None}
    if rank is None:
        return _function([*lines, f"    return result({value})"], scope)
    _broadcast(lines, shapes, rank)
    extents = ", ".join(f"n{axis}" for axis in range(rank))
    if given:
        if ranks[inputs] != rank:
            raise errors.TypingError(f"{function.__name__}(): the array for the result has not the operands' rank")
        lines += [
            f"    if given.shape != ({extents}{',' if rank == 1 else ''}):",
            '        raise ValueError("the array for the result has another shape than the operands")',
            "    out = given",
            "    apart = True",
        ]
        # A result that is an operand of another item waits until all are there, as NumPy has it.
        _span(lines, "given", rank)
        for name, own in shapes.items():
            _span(lines, name, own)
            same = " and ".join(f"{name}.{what} == given.{what}" for what in ("ctypes.data", "shape", "strides"))
            lines += [
                f"    if {_meet(name, 'given')}{f' and not ({same})' if own == rank else ''}:",
                "        apart = False",
                "        out = np.empty(given.shape, given.dtype)",
            ]
    else:
        lines.append(f"    out = np.empty(({extents}{',' if rank else ''}), result)")
    indent = "    "
    for axis in range(rank):
        lines.append(f"{indent}for i{axis} in range(n{axis}):")
        indent += "    "
    lines.append(f"{indent}out{_subscript([f'i{axis}' for axis in range(rank)])} = {value}")
    if given:
        lines += ["    if not apart:", "        given[...] = out", "    return given"]
    else:
        lines.append("    return out" if rank else "    return out[()]")
    return _function(lines, scope)


def _generalized(function, layout, ranks):
    names = [f"a{place}" for place in range(len(ranks))]
    outer = [rank - len(core) for rank, core in zip(ranks, layout.core)]
    rank = max(outer)
    lines = [f"def implementation({', '.join(names)}):"]
    shapes = {name: own for name, own in zip(names, outer) if own}
    _broadcast(lines, shapes, rank)
    # Results are not broadcast: one item would be written several times.
    for name, own in list(zip(names, outer))[len(layout.inputs) :]:
        wrong = [f"{name}.shape[{axis}] != n{axis}" for axis in range(rank)] if own == rank else ["True"]
        if wrong:
            lines += [
                f"    if {' or '.join(wrong)}:",
                '        raise ValueError("Loop and array shapes are incompatible")',
            ]
    indent = "    "
    for axis in range(rank):
        lines.append(f"{indent}for i{axis} in range(n{axis}):")
        indent += "    "
    arguments = []
    for place, (name, own, core) in enumerate(zip(names, outer, layout.core)):
        indices = _indices(name, own, rank)
        if core:
            arguments.append(name + _subscript(indices, [":"] * len(core)) if own else name)
        elif place < len(layout.inputs):
            arguments.append(name + _subscript(indices) if own else name)
        elif own:
            # A result without axes of its own is an array of one item.
            last = indices.pop()
            arguments.append(name + _subscript(indices, [f"{last}:{last} + 1"]))
        else:
            arguments.append(f"{name}.reshape(1)")
    lines.append(f"{indent}function({', '.join(arguments)})")
    return _function(lines, {"function": function})


def _function(lines, scope):
    text = "\n".join(lines) + "\n"
    path = f"<numir ufunc {text!r}>"
    _texts.execute(text, path, scope)
    return scope["implementation"]

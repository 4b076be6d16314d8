"""`vectorize` and `guvectorize` with `target="cuda"`: functions of numbers, or of small arrays, over whole arrays on the device.

The loop is a function like any other: a parallel loop over all items, written for the ranks of the operands, which the compiler makes a
kernel of. Host arrays give a host array, and arrays on the device one there.
"""

import numpy as np

from numir import _elementwise, dispatcher, gufuncs, prange, types
from numir._elementwise import _broadcast, _function, _indices, _subscript
from numir.cuda._streams import entered


def _loop(function, ranks, options):
    """A dispatcher of the loop that fills `out`, which has the rank of the broadcast operands."""
    names = [f"a{place}" for place in range(len(ranks))]
    rank = max(ranks, default=0)
    lines = [f"def implementation(out, {', '.join(names)}):"]
    _broadcast(lines, dict(zip(names, ranks)), rank)
    lines.append("    for place in prange(out.size):")
    if rank > 1:
        lines.append("        rest = place")
        for axis in reversed(range(1, rank)):
            lines += [f"        i{axis} = rest % n{axis}", f"        rest //= n{axis}"]
        lines.append("        i0 = rest")
    elif rank == 1:
        lines.append("        i0 = place")
    items = ", ".join(name + _subscript(_indices(name, own, rank)) for name, own in zip(names, ranks))
    lines.append(f"        out{_subscript([f'i{axis}' for axis in range(rank)])} = function({items})")
    loop = _function(lines, {"function": function, "prange": prange})
    return dispatcher.make(loop, options._replace(parallel=True, boundscheck=False))


def _is_on_device(value):
    return not isinstance(value, np.ndarray) and hasattr(value, "__cuda_array_interface__")


def _device_array(shape, dtype, stream):
    from numir import cuda

    return cuda.device_array(shape, dtype, stream=stream)


class Vectorized:
    """A function of numbers that is applied to whole arrays on the device."""

    def __init__(self, function, declared, options):
        self.py_func = self.__wrapped__ = function
        for name in ("__name__", "__doc__", "__module__", "__qualname__"):
            setattr(self, name, getattr(function, name))
        self.nin = function.__code__.co_argcount
        self._options = options
        self._function = dispatcher.make(function, options._replace(parallel=False, target="cpu"))
        self._declared = None
        if declared:
            self._declared = [self._names(signature) for signature in declared]
        self._loops = {}

    def _names(self, signature):
        result = signature.return_type
        names = [np.dtype(types.as_dtype(ty)).name for ty in signature.args]
        if result is None:
            result = _elementwise._loop(self._function, signature.args, None)[1]
        return [*names, np.dtype(types.as_dtype(result) if isinstance(result, types.Type) else result).name]

    def __call__(self, *inputs, out=None, stream=0):
        """Apply it element by element, with NumPy's broadcasting."""
        if len(inputs) == self.nin + 1 and out is None:
            *inputs, out = inputs
        if len(inputs) != self.nin:
            raise TypeError(f"{self.__name__}() takes {self.nin} operands; {len(inputs)} were given")
        operands = [value if _is_on_device(value) else np.asarray(value) for value in inputs]
        shape = np.broadcast_shapes(*(value.shape for value in operands))
        given = [types.from_dtype(value.dtype) for value in operands]
        converted, dtype = _elementwise._loop(self._function, given, self._declared)
        if converted is not None:
            operands = [self._as(value, wanted) for value, wanted in zip(operands, converted)]
        if out is None:
            there = any(_is_on_device(value) for value in operands)
            out = _device_array(shape, dtype, stream) if there else np.empty(shape, dtype)
        elif out.shape != shape:
            raise ValueError(f"the array for the result has the shape {out.shape}, and the operands give {shape}")
        ranks = tuple(value.ndim for value in operands)
        if ranks not in self._loops:
            self._loops[ranks] = _loop(self._function, ranks, self._options)
        with entered(stream):
            self._loops[ranks](out, *operands)
        return out if out.ndim or _is_on_device(out) else out[()]

    @staticmethod
    def _as(value, dtype):
        if value.dtype == dtype:
            return value
        return value.astype(dtype) if isinstance(value, np.ndarray) else value.copy_to_host().astype(dtype)

    def reduce(self, arg, stream=0):
        """Combine all items of an array of one axis by the function, which takes two."""
        from numir.cuda._reduce import Reduce

        if self.nin != 2:
            raise TypeError(f"{self.__name__}() takes {self.nin} numbers; only a function of two can reduce")
        reduction = Reduce(self.py_func, target=self._options.target)
        if len(arg) == 1:
            return arg[0]
        return reduction(arg[1:], init=arg[0], stream=stream)

    def __repr__(self):
        return f"<numir.cuda ufunc '{self.__name__}'>"


class Generalized:
    """A function of small arrays that is applied over all further axes on the device."""

    def __init__(self, function, layout, declared, options):
        self.py_func = self.__wrapped__ = function
        for name in ("__name__", "__doc__", "__module__", "__qualname__"):
            setattr(self, name, getattr(function, name))
        self.layout = layout
        self._declared = declared
        self._options = options._replace(parallel=True, boundscheck=False)
        self._function = dispatcher.make(function, options._replace(parallel=False, target="cpu"))
        self._loops = {}

    @property
    def signature(self):
        """The layout."""
        return self.layout.text

    def __call__(self, *operands, out=None, stream=0):
        """Apply it over all axes that are not its own."""
        layout = self.layout
        inputs, outputs = len(layout.inputs), len(layout.outputs)
        if out is not None:
            operands = (*operands, *(out if isinstance(out, tuple) else (out,)))
        if len(operands) not in (inputs, inputs + outputs):
            raise TypeError(f"{self.__name__}() takes {inputs} operands; {len(operands)} were given")
        given = [value if _is_on_device(value) else np.asarray(value) for value in operands]
        sizes, outer = {}, []
        for place, (value, core) in enumerate(zip(given, layout.core)):
            if value.ndim < len(core):
                raise ValueError(
                    f"{self.__name__}(): operand {place + 1} needs {len(core)} axes, as in {layout.text!r}"
                )
            split = value.ndim - len(core)
            outer.append(value.shape[:split])
            for name, extent in zip(core, value.shape[split:]):
                if sizes.setdefault(name, extent) != extent:
                    raise ValueError(f"{self.__name__}(): operand {place + 1} does not fit {layout.text!r}")
        around = np.broadcast_shapes(*outer)
        results = given[inputs:]
        if not results:
            results = [
                self._result(around, [sizes[name] for name in core], place, given, stream)
                for place, core in enumerate(layout.core[inputs:], inputs)
            ]
        for result, core in zip(results, layout.core[inputs:]):
            wanted = (*around, *(sizes[name] for name in core))
            if result.shape != wanted:
                raise ValueError(
                    f"an array for the result has the shape {result.shape}, and the operands give {wanted}"
                )
        # Rows of an array with gaps would be a copy: what is written to that comes back.
        filled = [
            result if _is_on_device(result) or result.flags.c_contiguous else np.empty(result.shape, result.dtype)
            for result in results
        ]
        rows = [self._rows(value, core, around) for value, core in zip([*given[:inputs], *filled], layout.core)]
        with entered(stream):
            self._loop_for(rows)(*rows)
        for result, own in zip(results, filled):
            if own is not result:
                result[...] = own
        results = [result if result.ndim or _is_on_device(result) else result[()] for result in results]
        return results[0] if len(results) == 1 else tuple(results)

    def _result(self, around, extents, place, given, stream):
        dtype = self._result_dtype(place, given)
        shape = (*around, *extents)
        if any(_is_on_device(value) for value in given):
            return _device_array(shape, dtype, stream)
        return np.empty(shape, dtype)

    def _result_dtype(self, place, given):
        for signature in self._declared:
            wanted = [self._dtype(ty) for ty in signature.args]
            if all(np.can_cast(value.dtype, dtype) for value, dtype in zip(given, wanted)):
                return wanted[place]
        raise TypeError(f"{self.__name__}() has no loop for these operands: pass arrays for the results")

    @staticmethod
    def _dtype(ty):
        return np.dtype(types.as_dtype(ty.dtype if isinstance(ty, types.Array) else ty))

    def _rows(self, value, core, around):
        """An operand with one axis in front of its own."""
        own = value.shape[value.ndim - len(core) :]
        if isinstance(value, np.ndarray):
            whole = np.broadcast_to(value, (*around, *own)) if value.shape != (*around, *own) else value
            rows = whole.reshape((-1 if around or 0 not in own else 1, *own)) if around else whole[None]
            return rows
        if value.shape[: value.ndim - len(core)] != around:
            raise ValueError(f"{self.__name__}(): arrays on the device are not broadcast")
        return value.reshape((int(np.prod(around)), *own))

    def _loop_for(self, rows):
        key = tuple((value.dtype, value.ndim) for value in rows)
        if key not in self._loops:
            operands = []
            for place, (value, core) in enumerate(zip(rows, self.layout.core)):
                item = types.from_dtype(value.dtype)
                is_number = not core and place < len(self.layout.inputs)
                operands.append(item if is_number else types.Array(item, max(len(core), 1), "A"))
            self._loops[key] = gufuncs._loop(self._function, self.layout, operands, self._options)
        return self._loops[key]

    def __repr__(self):
        return f"<numir.cuda gufunc '{self.__name__}' {self.layout.text}>"

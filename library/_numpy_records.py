"""Arrays of records, and sorting by their fields: sort, argsort and lexsort of what is made of fields."""

from _numpy_sorting import argsort as ordered
from _numpy_sorting import lexsort
from _numpy_sorting import sort as in_order
from _numpy_sorting import sort_in_place as put_in_order
from numir.intrinsics import constant, is_records


def sort(a, axis: constant = -1, kind: constant = None, order: constant = None, *, stable=None):
    if is_records(a):
        return a[_places(a, axis, order)]
    _refuse_order(order)
    return in_order(a, axis, kind, stable=stable)


def sort_in_place(a, axis: constant = -1, kind: constant = None, order: constant = None, *, stable=None):
    if is_records(a):
        a[...] = a[_places(a, axis, order)]
    else:
        _refuse_order(order)
        put_in_order(a, axis, kind, stable=stable)


def argsort(a, axis: constant = -1, kind: constant = None, order: constant = None, *, stable=None):
    if is_records(a):
        return _places(a, axis, order)
    _refuse_order(order)
    return ordered(a, axis, kind, stable=stable)


def _refuse_order(order: constant):
    if order is not None:
        raise ValueError("Cannot specify order when the array has no fields.")


def _places(a, axis: constant, order: constant):
    """The places of records in the order of some fields, those first that are named, then of all."""
    if a.ndim != 1:
        raise NotImplementedError("sorting records along one of several axes: sort rows, or take a.reshape(-1)")
    keys = ()
    for name in a.dtype.names:
        keys = (a[name],) + keys
    if order is not None:
        for name in _reversed(order):
            keys = keys + (a[name],)
    return lexsort(keys)


def _reversed(order: constant):
    if isinstance(order, str):
        return (order,)
    result = ()
    for name in order:
        result = (name,) + result
    return result

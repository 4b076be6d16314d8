"""Addresses of the C functions that Cython modules export. NumPy's own modules are such."""

import ctypes

import pytest
from numir.extending import get_cython_function_address

COMMON = "numpy.random._common"


def test_an_exported_function_can_be_called_by_its_address():
    address = get_cython_function_address(COMMON, "kahan_sum")
    total = ctypes.CFUNCTYPE(ctypes.c_double, ctypes.POINTER(ctypes.c_double), ctypes.c_ssize_t)(address)
    # A sum without compensation gives 0.0: each 1.0 is lost beside 1e16, and only the compensation keeps them.
    values = (ctypes.c_double * 4)(1e16, 1.0, 1.0, -1e16)
    assert total(values, 4) == 2.0


@pytest.mark.parametrize(
    ("module", "name", "words"),
    [
        (COMMON, "no_such", "exports no C function 'no_such'"),
        ("math", "sin", "it has no __pyx_capi__"),
        (COMMON, "MAXSIZE", "is no function but a variable of the type uint64_t"),
    ],
)
def test_what_is_no_exported_function_is_an_error_in_words(module, name, words):
    with pytest.raises(ValueError, match=words):
        get_cython_function_address(module, name)


def test_a_module_that_is_not_there_is_an_import_error():
    with pytest.raises(ImportError):
        get_cython_function_address("no_such_module_of_ours", "f")

"""`vectorize` and `guvectorize` give NumPy's own ufuncs."""

import numpy as np
import pytest
from numir import float64, guvectorize, int64, vectorize


def test_declared_types_make_a_ufunc_of_numpy():
    @vectorize(["int64(int64, int64)", "float64(float64, float64)"], identity=1)
    def times(x, y):
        return x * y

    assert isinstance(times, np.ufunc)
    assert times.reduce(np.array([], float)) == 1.0
    np.testing.assert_array_equal(times.outer([1, 2], [3, 4]), [[3, 4], [6, 8]])
    np.testing.assert_array_equal(times(np.arange(6)[::2], np.ones(3)), [0.0, 2.0, 4.0])


def test_types_come_with_the_arguments():
    @vectorize
    def plus(x, y):
        return x + y

    assert plus(np.arange(3), 1).dtype == np.int64
    assert plus.reduce(np.arange(4.0)) == 6.0
    np.testing.assert_array_equal(plus.accumulate([1, 2, 3]), [1, 3, 6])
    assert plus(1, 2.5, where=True) == 3.5


@pytest.mark.parametrize("decorator", [vectorize, guvectorize])
def test_an_identity_that_there_is_not(decorator):
    layout = () if decorator is vectorize else ("(n)->()",)
    with pytest.raises(ValueError, match="identity is None, 0, 1 or 'reorderable', not 2"):
        decorator(["int64(int64)"] if not layout else [(int64[:], int64[:])], *layout, identity=2)(
            lambda *operands: None
        )


def test_core_dimensions_and_errors():
    @guvectorize([(float64[:], float64, float64[:])], "(n),()->(n)")
    def shifted(row, by, result):
        if by > 100:
            raise ValueError("too far")
        for i in range(row.size):
            result[i] = row[i] + by

    rows = np.arange(6.0).reshape(2, 3)
    np.testing.assert_array_equal(shifted(rows, [1.0, 10.0]), rows + [[1.0], [10.0]])
    np.testing.assert_array_equal(shifted(rows.T, 1.0), rows.T + 1.0)
    with pytest.raises(ValueError, match="too far"):
        shifted(rows, 101.0)


def test_operands_without_a_type():
    @vectorize
    def same(x):
        return x

    assert same(np.arange(3, dtype=">f8")).tolist() == [0, 1, 2]
    for operand in (np.array([None]), "text", np.longdouble(1)):
        with pytest.raises(TypeError, match="an operand of dtype .* cannot be handed to compiled code"):
            same(operand)


def test_each_kind_of_number_has_its_loop():
    @vectorize
    def same(x):
        return x

    for value in (1, 2.5, True, 1j, np.int8(3), np.float32(1.5), [1, 2], np.arange(3, dtype=np.uint16)):
        for _ in range(2):
            result = same(value)
            assert np.all(result == value) and result.dtype == np.asarray(value).dtype
    assert len(same.types) == len(set(same.types)) == 7

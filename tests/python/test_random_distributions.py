"""The distributions that numpy.random's legacy functions and Generator share: numbers, arrays, parameters that raise, arrays of parameters."""

import pytest

from random_cases import CHOICES, DISTRIBUTIONS, PARAMETERS, RANGES, compare_generator, compare_legacy

KINDS = pytest.mark.parametrize("kind", ["legacy", "generator"])


def compare(kind, folder, method, arguments, **options):
    if kind == "legacy":
        compare_legacy(folder, f"np.random.{method}({arguments})", **options)
    else:
        compare_generator(folder, f"rng.{method}({arguments})", **options)


@KINDS
@pytest.mark.parametrize("method", DISTRIBUTIONS)
def test_numbers_and_arrays(tmp_path, kind, method):
    for arguments in DISTRIBUTIONS[method]:
        compare(kind, tmp_path, method, arguments, count=50)
        compare(kind, tmp_path, method, f"{arguments}, size=500" if arguments else "500")
    compare(kind, tmp_path, method, f"{arguments}, size=(2, 3)" if arguments else "(2, 3)")


@KINDS
@pytest.mark.parametrize("method", PARAMETERS)
def test_parameters(tmp_path, kind, method):
    for arguments in PARAMETERS[method]:
        compare(kind, tmp_path, method, arguments)


@KINDS
def test_sizes_of_arrays_of_parameters(tmp_path, kind):
    compare(kind, tmp_path, "normal", "np.arange(3.0), 1.0, (4, 3)")
    compare(kind, tmp_path, "normal", "np.arange(3.0), 1.0, 3")
    compare(kind, tmp_path, "poisson", "3.0, 0")


@KINDS
@pytest.mark.parametrize("arguments", CHOICES)
def test_choice(tmp_path, kind, arguments):
    compare(kind, tmp_path, "choice", arguments)


@KINDS
@pytest.mark.parametrize(
    "arguments", ["10", "0", "np.arange(10)", "np.arange(12).reshape(4, 3)", "np.array([1.5, 2.5])", "(1, 2, 3)"]
)
def test_permutation(tmp_path, kind, arguments):
    compare(kind, tmp_path, "permutation", arguments)


@KINDS
@pytest.mark.parametrize("dtype", RANGES)
def test_integers(tmp_path, kind, dtype):
    for arguments in RANGES[dtype]:
        compare(kind, tmp_path, "randint" if kind == "legacy" else "integers", f"{arguments}, dtype=np.{dtype}")


@KINDS
def test_integers_between_arrays(tmp_path, kind):
    method = "randint" if kind == "legacy" else "integers"
    for arguments in (
        "np.array([0, 5, 10]), np.array([3, 50, 1000])",
        "np.array([3, 50, 1000])",
        "0, np.array([[3], [50], [1000]]), (3, 4)",
        "0, np.array([100, 200]), dtype=np.uint8",
    ):
        compare(kind, tmp_path, method, arguments)

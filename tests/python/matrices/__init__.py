"""Matrices: each module here has a function `build(matrix, random)` that adds its functions and cases."""

import importlib
import pathlib


def names():
    """The modules of this folder."""
    files = pathlib.Path(__file__).parent.glob("*.py")
    return sorted(file.stem for file in files if file.stem not in ("__init__", "values"))


def build(name, matrix, random):
    """Fill a matrix by the module of that name."""
    importlib.import_module(f"matrices.{name}").build(matrix, random)

"""Methods of arrays that are no primitives: functions of NumPy's modules, whose first parameter is the array."""

from _numpy_elements import around as round  # noqa: F401
from _numpy_elements import clip  # noqa: F401
from _numpy_products import trace  # noqa: F401
from _numpy_sorting import argmax, argmin, argpartition, argsort, searchsorted  # noqa: F401
from _numpy_sorting import partition_in_place as partition  # noqa: F401
from _numpy_sorting import sort_in_place as sort  # noqa: F401
from _numpy_statistics import std, var  # noqa: F401
from _numpy_sums import cumprod, cumsum  # noqa: F401

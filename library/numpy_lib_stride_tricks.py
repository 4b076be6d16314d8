"""numpy.lib.stride_tricks: its public names."""

from _numpy_memory import as_strided, sliding_window_view
from _numpy_shapes import broadcast_shapes
from _numpy_views import broadcast_arrays, broadcast_to

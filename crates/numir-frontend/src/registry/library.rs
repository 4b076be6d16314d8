//! The library: what is not a primitive, written in the language itself and parsed when it is first needed.

/// The modules of the library and their texts. A module of the registry finds here what it does not know itself.
const MODULES: &[(&str, &str)] = &[
    ("_gamma", include_str!("../../../../library/_gamma.py")),
    ("_integers", include_str!("../../../../library/_integers.py")),
    ("_numpy_elements", include_str!("../../../../library/_numpy_elements.py")),
    ("_numpy_histograms", include_str!("../../../../library/_numpy_histograms.py")),
    ("_numpy_creation", include_str!("../../../../library/_numpy_creation.py")),
    ("_numpy_shapes", include_str!("../../../../library/_numpy_shapes.py")),
    ("_numpy_joining", include_str!("../../../../library/_numpy_joining.py")),
    ("_numpy_indexing", include_str!("../../../../library/_numpy_indexing.py")),
    ("_numpy_fft", include_str!("../../../../library/_numpy_fft.py")),
    ("_numpy_gathering", include_str!("../../../../library/_numpy_gathering.py")),
    ("_numpy_matmul", include_str!("../../../../library/_numpy_matmul.py")),
    ("_numpy_nan", include_str!("../../../../library/_numpy_nan.py")),
    ("_numpy_padding", include_str!("../../../../library/_numpy_padding.py")),
    ("_numpy_windows", include_str!("../../../../library/_numpy_windows.py")),
    ("_numpy_bits", include_str!("../../../../library/_numpy_bits.py")),
    ("_numpy_applying", include_str!("../../../../library/_numpy_applying.py")),
    ("_numpy_places", include_str!("../../../../library/_numpy_places.py")),
    ("_numpy_polynomials", include_str!("../../../../library/_numpy_polynomials.py")),
    ("_numpy_products", include_str!("../../../../library/_numpy_products.py")),
    ("_numpy_quantiles", include_str!("../../../../library/_numpy_quantiles.py")),
    ("_numpy_reductions", include_str!("../../../../library/_numpy_reductions.py")),
    ("_numpy_sets", include_str!("../../../../library/_numpy_sets.py")),
    ("_numpy_signals", include_str!("../../../../library/_numpy_signals.py")),
    ("_numpy_sorting", include_str!("../../../../library/_numpy_sorting.py")),
    ("_numpy_statistics", include_str!("../../../../library/_numpy_statistics.py")),
    ("_numpy_sums", include_str!("../../../../library/_numpy_sums.py")),
    ("_numpy_views", include_str!("../../../../library/_numpy_views.py")),
    ("_rounding", include_str!("../../../../library/_rounding.py")),
    ("_slices", include_str!("../../../../library/_slices.py")),
    ("_sums", include_str!("../../../../library/_sums.py")),
    ("_tuples", include_str!("../../../../library/_tuples.py")),
    ("_ufunc_methods", include_str!("../../../../library/_ufunc_methods.py")),
    ("_ufuncs", include_str!("../../../../library/_ufuncs.py")),
    ("arithmetic", include_str!("../../../../library/arithmetic.py")),
    ("builtins", include_str!("../../../../library/builtins.py")),
    ("cmath", include_str!("../../../../library/cmath.py")),
    ("math", include_str!("../../../../library/math.py")),
    ("ndarray", include_str!("../../../../library/ndarray.py")),
    ("numpy", include_str!("../../../../library/numpy.py")),
    ("numpy.fft", include_str!("../../../../library/numpy_fft.py")),
    ("numpy.random", include_str!("../../../../library/numpy_random.py")),
    ("numir", include_str!("../../../../library/numir.py")),
    ("random", include_str!("../../../../library/random.py")),
];

/// The text of a module of the library.
pub(crate) fn text(module: &str) -> Option<&'static str> {
    MODULES.iter().find(|(name, _)| *name == module).map(|(_, text)| *text)
}

"""docs/numpy.md: which of NumPy's functions compiled code knows, and with which of their parameters.

What numir knows comes from its registry, by `numir names`; what there is to know from the installed NumPy. Run it with --check to compare.

    .venv/bin/python scripts/numpy_page.py [--check]
"""

import inspect
import pathlib
import subprocess
import sys

import numpy as np

ROOT = pathlib.Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "numpy.md"

# Modules of the registry, what NumPy has there, and a title.
MODULES = [
    ("numpy", np, "Functions"),
    ("ndarray", np.ndarray, "Methods of arrays"),
    ("numpy.linalg", np.linalg, "Linear algebra: numpy.linalg"),
    ("numpy.fft", np.fft, "Fourier transforms: numpy.fft"),
    ("numpy.random", np.random, "Random numbers: numpy.random"),
    ("Generator", np.random.Generator, "Methods of numpy.random.Generator"),
]

# Parameters that mean nothing to compiled code.
IDLE = {"subok", "like", "device", "casting", "signature", "order", "out_indices", "extobj"}

# Names that are not functions on numbers: files, texts, objects, settings, and what only the interpreter has.
ELSEWHERE = set(
    "array2string array_repr array_str asarray_chkfinite asmatrix base_repr binary_repr bmat busday_count busday_offset busdaycalendar "
    "asanyarray char common_type datetime_as_string datetime_data flatiter format_float_positional format_float_scientific "
    "from_dlpack frombuffer fromfile fromiter frompyfunc fromregex fromstring genfromtxt get_include getbufsize geterr geterrcall "
    "get_printoptions info is_busday isdtype issubdtype iterable load loadtxt mask_indices matrix may_share_memory memmap "
    "min_scalar_type mintypecode nditer nested_iters printoptions promote_types put recarray record require result_type "
    "save savetxt savez savez_compressed set_printoptions setbufsize seterr seterrcall shares_memory show_config show_runtime test "
    "typename vectorize poly1d ufunc errstate broadcast can_cast dtype ndarray get_state set_state get_bit_generator set_bit_generator "
    "RandomState SeedSequence BitGenerator MT19937 Philox SFC64 PCG64DXSM PCG64 LinAlgError unique_all unique_counts unique_inverse".split()
)


def known(module):
    """Names and parameters of the registry."""
    command = [ROOT / "target" / "release" / "numir", "names", module]
    told = subprocess.run(command, capture_output=True, text=True)
    if told.returncode != 0:
        return {}
    return dict((line.split("(", 1)[0], parameters(line)) for line in told.stdout.splitlines())


def parameters(line):
    """The names of the parameters in `name(a, b=1, *, c)`."""
    text = line.split("(", 1)[1].removesuffix(")")
    return [
        name for name in inspect.signature(eval(f"lambda {text.replace('/,', '').replace(', /', '')}: 0")).parameters
    ]


def theirs(function):
    """The names of the parameters that NumPy's function has, or None where it does not say."""
    try:
        found = inspect.signature(function).parameters
    except (TypeError, ValueError):
        return None
    return [name for name, one in found.items() if one.kind not in (one.VAR_POSITIONAL, one.VAR_KEYWORD)]


def public(module):
    """The public functions of a module of NumPy, or the methods of a class."""
    found = {}
    for name in dir(module):
        value = getattr(module, name, None)
        is_class = inspect.isclass(value)
        if not name.startswith("_") and callable(value) and not is_class and name not in ELSEWHERE:
            found[name] = value
    return found


def section(module, place, title):
    """The part of the page about one module."""
    mine, all_names = known(module), public(place)
    lines = [f"## {title}", "", "| function | parameters | not known |", "| --- | --- | --- |"]
    for name in sorted(set(mine) & set(all_names)):
        # The first parameter of a Generator's method is the Generator.
        has = mine[name][1:] if module == "Generator" else mine[name]
        takes = theirs(all_names[name])
        missing = [one for one in takes or [] if one not in has and one not in IDLE and one != "self"]
        # The first parameters have many names in NumPy, and are given by position.
        missing = [one for one in missing if (takes or []).index(one) >= len(has) or takes.index(one) > 1]
        shown = ", ".join(one for one in has if one not in IDLE)
        lines.append(f"| `{name}` | {shown} | {', '.join(missing)} |")
    absent = sorted(set(all_names) - set(mine))
    if absent:
        lines += ["", "Not there: " + ", ".join(f"`{name}`" for name in absent) + "."]
    own = sorted(name for name in set(mine) - set(all_names) if hasattr(place, name))
    if own:
        lines += ["", "Also: " + ", ".join(f"`{name}`" for name in own) + "."]
    return lines


def page():
    """The text of the page."""
    lines = [
        "# NumPy in compiled code",
        "",
        f"Which functions of NumPy {np.__version__.split('.')[0]} compiled code knows, with which of their parameters. All ufuncs also have "
        "`reduce`, `accumulate`, `outer`, `at` and `reduceat`.",
        "Indexing, arithmetic and assignments are described in [semantics.md](semantics.md), differences in "
        "[differences.md](differences.md). `numir names numpy` prints the signatures.",
        "",
        "This page is made from the registry by `scripts/numpy_page.py`; a test keeps it true.",
        "",
    ]
    for module, place, title in MODULES:
        lines += [*section(module, place, title), ""]
    return "\n".join(lines).rstrip() + "\n"


def main():
    """Write the page, or say that it is old."""
    text = page()
    if "--check" in sys.argv[1:]:
        if PAGE.read_text() != text:
            sys.exit("docs/numpy.md is not what the registry says; run: .venv/bin/python scripts/numpy_page.py")
        return
    PAGE.write_text(text)


if __name__ == "__main__":
    main()

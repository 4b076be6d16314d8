"""What the compiler says that it did, or could not do, as values; and printed, as `parallel_diagnostics` does.

The passes leave remarks (docs/adding-a-pass.md); LLVM's vectoriser speaks last. Each stands at a line, behind which come the lines of the
calls that it was inlined through.
"""

import os
from collections import namedtuple

# `place` is None where no line of the function itself is known; `through` are places of other functions, innermost first.
Remark = namedtuple("Remark", "topic done text line through")

# What the remarks of a pass are about. Others are about themselves: `other`.
TOPICS = {
    "outline-parallel": "parallel",
    "lower-numeric": "parallel",
    "hoist-allocations": "memory",
    "resolve-overlaps": "memory",
    "version-loops": "checks",
    "strip-checks": "checks",
    "inline-functions": "calls",
    "loop-vectorize": "vectors",
}

HEADINGS = {
    "parallel": "parallel loops",
    "vectors": "vectorised loops",
    "checks": "checks of indices",
    "memory": "arrays",
    "calls": "calls",
    "other": "other passes",
}

# The topics that each level of `parallel_diagnostics` adds.
_LEVELS = (("parallel",), ("memory", "vectors"), ("checks",), ("calls", "other"))


def read(function, text):
    """The remarks in the compiler's text, each once, by line; those about other functions' own lines stand at the line that leads there."""
    from numir import _source

    path, first, lines = _source.lines_of(function)
    inside = range(first, first + len(lines))
    found = {}
    for row in text.splitlines():
        name, kind, what, *places = row.split("\t")
        places = [(int(line), file) for line, file in zip(places[::2], places[1::2], strict=True)]
        own = [number for number, (line, file) in enumerate(places) if line in inside and _is_same(file, path)]
        line = places[own[0]][0] if own else None
        through = tuple(places[: own[0]] if own else places)
        topic = TOPICS.get(name, "other")
        found.setdefault(Remark(topic, kind == "done", _words(name, what), line, through))
    kept = [remark for remark in found if not _is_outdone(remark, found)]
    return sorted(kept, key=lambda remark: (remark.line is None, remark.line or 0))


def _is_same(file, path):
    return file == path or os.path.basename(file) == os.path.basename(path)


# What LLVM's reasons mean for who wrote the program.
_HINTS = {
    "cannot prove it is safe to reorder floating-point operations": 'fastmath={"reassoc"} allows it',
    "call instruction cannot be vectorized": "a call stands in the loop",
}


def _words(name, what):
    if name not in TOPICS:
        return f"{name}: {what}"
    hint = next((hint for reason, hint in _HINTS.items() if reason in what), None)
    return " ".join(what.split()) + (f" ({hint})" if hint else "")


def _is_outdone(remark, others):
    """LLVM says twice that a loop is not vectorised, once without a reason; and one vectorised copy of a loop is what counts."""
    if remark.topic != "vectors" or remark.done:
        return False
    here = [
        other
        for other in others
        if other.topic == "vectors" and other.line == remark.line and other.through == remark.through
    ]
    return any(
        other.done or len(other.text) > len(remark.text) and other.text.startswith(remark.text) for other in here
    )


def print_parallel(dispatcher, types, text, level):
    """Print the remarks of one specialisation up to a level."""
    from numir import _source

    if level not in (1, 2, 3, 4):
        raise ValueError(f"level is 1, 2, 3 or 4, not {level!r}")
    path, first, lines = _source.lines_of(dispatcher.py_func)
    remarks = read(dispatcher.py_func, text)
    spelled = ", ".join(map(str, types)) if isinstance(types, tuple) else str(types)
    print(f"{dispatcher.__name__}({spelled.strip('()')})  {path}:{first}")
    for number, topics in enumerate(_LEVELS[:level]):
        for topic in topics:
            about = [remark for remark in remarks if remark.topic == topic]
            if about or number == 0:
                print(f"\n  {HEADINGS[topic]}")
            if not about and number == 0:
                print("    none: no prange loop is in the function")
            for remark in about:
                _print_one(remark, first, lines)
    print()


def _print_one(remark, first, lines):
    source = "" if remark.line is None else lines[remark.line - first].strip()
    where = "elsewhere" if remark.line is None else f"line {remark.line}"
    mark = "+" if remark.done else "-"
    print(f"    {mark} {where}: {remark.text}{through(remark)}")
    if source:
        print(f"        {source}")


def through(remark):
    """Where a remark stands that is not about a line of the function itself, in words."""
    if not remark.through:
        return ""
    line, file = remark.through[0]
    return f" (in {os.path.basename(file)}, line {line})"

"""`python -m numir`: the environment for reports of faults (`-s`), functions on disk (`cache`), what became of a script (`annotate`)."""

import argparse
import os
import re
import sys
import time
from collections import namedtuple

from numir import _cache

# How the extension module calls an entry, and one that it is writing.
_NAME = re.compile(r"\.[0-9a-f]{16}\.[0-9a-f]{16}\.numir(\.\d+\.\d+\.new)?$")
_HOUR = 3600
_DAY = 24 * _HOUR
_MIB = 1 << 20

# A file of the cache; `about` is what it holds, None where it is damaged or was not finished.
_File = namedtuple("_File", "path size changed finished about")


def main(arguments=None):
    """Run the command; gives its exit status."""
    parser = argparse.ArgumentParser(prog="numir", description=_HELP)
    parser.add_argument("-s", "--sysinfo", action="store_true", help="print the environment, for a report of a fault")
    commands = parser.add_subparsers(title="commands", metavar="")
    cache = commands.add_parser("cache", help="list or remove compiled functions on disk", description=_CACHE_HELP)
    cache.add_argument("folders", nargs="*", metavar="FOLDER", help="look below these folders instead")
    cache.add_argument("--prune", action="store_true", help="remove what can no longer be used")
    cache.add_argument("--clear", action="store_true", help="remove everything")
    cache.add_argument("--older-than", type=float, metavar="DAYS", help="remove what was compiled longer ago")
    cache.add_argument(
        "--max-size", type=float, metavar="MIB", help="remove the oldest until no more than this is left"
    )
    cache.set_defaults(run=_cache_command)
    annotate = commands.add_parser(
        "annotate", help="show a script with what the compiler made of it", description=_ANNOTATE_HELP
    )
    annotate.add_argument(
        "-o", "--output", metavar="PAGE", help="where to write the page; SCRIPT.html in this folder by default"
    )
    annotate.add_argument(
        "--compile-only",
        action="store_true",
        help="do not run it as a program; compile functions with annotations or signatures",
    )
    annotate.add_argument(
        "--as-numba", action="store_true", help="put numir in the place of Numba, which the script imports"
    )
    annotate.add_argument("script", metavar="SCRIPT", help="a file in Python")
    annotate.add_argument("arguments", nargs=argparse.REMAINDER, metavar="ARGUMENT", help="arguments of the script")
    annotate.set_defaults(run=_annotate_command)
    parser.set_defaults(run=None)
    chosen = parser.parse_args(arguments)
    if chosen.sysinfo:
        return _sysinfo()
    if chosen.run is None:
        parser.print_help()
        return 2
    return chosen.run(chosen)


_HELP = (
    "The command of numir's Python package, also run as `python -m numir`. Files are compiled without Python by the command of the same name "
    "that is built from numir's sources."
)

_ANNOTATE_HELP = (
    "Runs the script and writes one page in HTML: its source with the types of the names that each line binds, what runs in parallel or is "
    "vectorised, whose checks are gone, and why not. --compile-only imports the file under another name than __main__ instead. "
    "--as-numba is for scripts that import Numba."
)


def _annotate_command(chosen):
    from numir import _annotate

    return _annotate.command(chosen)


_CACHE_HELP = (
    "Lists the functions that cache=True keeps on disk. It looks into NUMIR_CACHE_DIR, the user's folder, and all __pycache__ below "
    "the current folder. --prune removes what is damaged, was compiled by another build of numir, or has lost its source file."
)


def _cache_command(chosen):
    files = sorted(_files(chosen.folders or _folders()))
    removed = _chosen(files, chosen)
    asked = chosen.prune or chosen.clear or chosen.older_than is not None or chosen.max_size is not None
    if not asked:
        _list(files)
        return 0
    status = 0
    count = freed = 0
    for file in files:
        if file.path not in removed:
            continue
        try:
            os.unlink(file.path)
        except FileNotFoundError:
            continue
        except OSError as error:
            print(f"{file.path}: {error.strerror}", file=sys.stderr)
            status = 1
            continue
        count += 1
        freed += file.size
    left = len(files) - count
    print(f"removed {count} of {len(files)} files, {_size(freed)}; {left} left")
    return status


def _folders():
    from numir import config

    return [folder for folder in (config.CACHE_DIR, _cache.user_folder(), os.curdir) if folder]


def _files(folders):
    """The files of the cache below some folders, each once."""
    seen = set()
    for top in folders:
        for folder, _, names in os.walk(top):
            for name in names:
                path = os.path.join(folder, name)
                found = _NAME.search(name)
                if not found or os.path.realpath(path) in seen:
                    continue
                seen.add(os.path.realpath(path))
                try:
                    state = os.stat(path)
                except OSError:
                    # It has just been removed.
                    continue
                finished = found[1] is None
                yield _File(path, state.st_size, state.st_mtime, finished, _about(path) if finished else None)


def _about(path):
    from numir import _numir

    return _numir.read_cache_entry(path)


def _chosen(files, chosen):
    """The paths of the files that are to be removed."""
    now = time.time()
    removed = set()
    for file in files:
        if (
            chosen.clear
            or (chosen.prune and _is_useless(file, now))
            or (chosen.older_than is not None and now - file.changed > chosen.older_than * _DAY)
        ):
            removed.add(file.path)
    if chosen.max_size is not None:
        room = chosen.max_size * _MIB
        for file in sorted(files, key=lambda file: -file.changed):
            if file.path not in removed:
                room -= file.size
                if room < 0:
                    removed.add(file.path)
    return removed


def _is_useless(file, now):
    if not file.finished:
        # Somebody may be writing it.
        return now - file.changed > _HOUR
    about = file.about
    if about is None or not about["current"]:
        return True
    return about["path"] is not None and not os.path.exists(about["path"])


def _list(files):
    now = time.time()
    rows = [("function", "types", "size", "age", "place")]
    for file in files:
        about = file.about
        if about is None:
            rows.append(("(damaged)" if file.finished else "(not finished)", "", *_numbers(file, now), file.path))
            continue
        types = f"({', '.join(about['types'])}) -> {about['result']}"
        place = f"{about['path'] or 'a cell'}:{about['line']}" + ("" if about["current"] else " (another build)")
        rows.append((about["function"], types, *_numbers(file, now), place))
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]) - 1)]
    for row in rows:
        print("  ".join([*(text.ljust(width) for text, width in zip(row, widths, strict=False)), row[-1]]))
    print(f"{len(files)} files, {_size(sum(file.size for file in files))}")


def _numbers(file, now):
    seconds = max(now - file.changed, 0)
    units = ((_DAY, "d"), (_HOUR, "h"), (60, "min"), (1, "s"))
    unit, name = next((unit for unit in units if seconds >= unit[0]), units[-1])
    return _size(file.size), f"{int(seconds // unit)} {name}"


def _size(count):
    return f"{count / _MIB:.1f} MiB" if count >= _MIB else f"{count / 1024:.1f} KiB"


def _sysinfo():
    import platform

    import numir
    from numir import config

    library = config.LIBRARY or os.path.join(os.path.dirname(numir.__file__), "libnumir.so")
    rows = [
        ("numir", numir.__version__),
        ("package", os.path.dirname(numir.__file__)),
        ("compiler", library if os.path.exists(library) else f"{library} (missing)"),
        ("extension", _tried(lambda: __import__("numir._numir")._numir.__file__)),
        ("python", f"{platform.python_implementation()} {sys.version.split()[0]} ({sys.executable})"),
        ("numpy", _tried(lambda: __import__("numpy").__version__)),
        ("system", f"{platform.platform()}, {' '.join(platform.libc_ver())}"),
        ("processor", _processor()),
        ("processors", f"{os.cpu_count()}, of which this process may use {_usable()}"),
        ("threads", _tried(lambda: str(numir.get_num_threads()))),
        ("cache", config.CACHE_DIR or f"__pycache__ beside the source, {_cache.user_folder()}"),
    ]
    rows += sorted((name, value) for name, value in os.environ.items() if name.startswith("NUMIR_"))
    width = max(len(name) for name, _ in rows)
    for name, value in rows:
        print(f"{name:<{width}}  {value}")
    return 0


def _tried(get):
    """What `get` gives, or what went wrong: a broken installation is what the report is for."""
    try:
        return get()
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def _processor():
    import platform

    try:
        with open("/proc/cpuinfo") as file:
            for line in file:
                name, _, value = line.partition(":")
                if name.strip() == "model name":
                    return f"{platform.machine()}, {value.strip()}"
    except OSError:
        pass
    return platform.machine()


def _usable():
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()


if __name__ == "__main__":
    sys.exit(main())

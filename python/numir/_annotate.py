"""`python -m numir annotate script.py`: one page in HTML with the source and what the compiler made of it, line by line.

The script is run, and each specialisation of each compiled function that it leads to is shown: the types of the names that a line binds,
and the remarks of the passes and of LLVM's vectoriser. The page needs neither scripts nor other files; specialisations are chosen by
radio buttons, and without style sheets they stand one below the other.
"""

import html
import os
import runpy
import sys
from collections import namedtuple

# A compiled function in the page; `versions` are its specialisations.
Function = namedtuple("Function", "name path first lines versions")
# `types` are lists of (name, type) by line, `remarks` those of `_remarks.read`; `failure` is why there are none, else None.
Version = namedtuple("Version", "title types remarks failure")


def command(chosen):
    """Run the script and write the page; gives the exit status."""
    from numir import config

    path = os.path.abspath(chosen.script)
    if not os.path.isfile(path):
        print(f"there is no file {chosen.script}", file=sys.stderr)
        return 2
    if config.DISABLE_JIT:
        print("NUMIR_DISABLE_JIT is set: nothing is compiled", file=sys.stderr)
        return 2
    if chosen.as_numba:
        from numir import as_numba

        as_numba.install()
    dispatchers, status = _run(path, chosen.arguments, "__main__" if not chosen.compile_only else "__annotated__")
    if chosen.compile_only:
        for dispatcher in dispatchers:
            _compile_annotated(dispatcher)
    page = render(path, [function for function in map(describe, dispatchers) if function])
    target = chosen.output or os.path.splitext(os.path.basename(path))[0] + ".html"
    with open(target, "w", encoding="utf-8") as file:
        file.write(page)
    print(f"wrote {target}", file=sys.stderr)
    return status


def _run(path, arguments, name):
    """The dispatchers that a script makes, and the exit status that it ends with."""
    import traceback

    from numir import dispatcher

    made, former = [], (sys.argv, sys.path[:], dispatcher.observer)
    sys.argv, sys.path[0], dispatcher.observer = [path, *arguments], os.path.dirname(path), made.append
    status = 0
    try:
        runpy.run_path(path, run_name=name)
    except SystemExit as exit:
        status = exit.code if isinstance(exit.code, int) else int(exit.code is not None)
    except Exception:
        # The page shows what was compiled up to here.
        traceback.print_exc()
        status = 1
    finally:
        sys.argv, sys.path[:], dispatcher.observer = former
    return made, status


def _compile_annotated(dispatcher):
    """Compile a function for the types of its annotations, where all its parameters have one."""
    from numir import errors, signatures, types

    def type_of(annotation):
        return (
            signatures.parse(f"({annotation},)")[0].args[0]
            if isinstance(annotation, str)
            else types.as_type(annotation)
        )

    code = dispatcher.py_func.__code__
    names = code.co_varnames[: code.co_argcount]
    annotations = dispatcher.py_func.__annotations__
    if dispatcher.signatures or not all(name in annotations for name in names):
        return
    try:
        dispatcher.compile(tuple(type_of(annotations[name]) for name in names))
    except (errors.NumbaError, TypeError, ValueError) as error:
        print(f"{dispatcher.__name__} is not compiled: {error}", file=sys.stderr)


def describe(dispatcher):
    """What the page says of a function; None for one of numir's own, or whose text is not known."""
    from numir import _numir, _remarks, _source, errors

    own = os.path.dirname(os.path.abspath(__file__))
    try:
        path, first, lines = _source.lines_of(dispatcher.py_func)
    except errors.NumbaError:
        return None
    if os.path.abspath(path).startswith(own + os.sep):
        return None
    versions = []
    for parameters, result, _ in _numir.specialisations(dispatcher):
        title = f"({', '.join(parameters)}) → {result}"
        try:
            told = _numir.inspect(dispatcher, parameters, "types")
            remarks = _remarks.read(dispatcher.py_func, _numir.inspect(dispatcher, parameters, "remarks"))
        except Exception as error:
            # What was captured may have changed since it was compiled.
            versions.append(Version(title, {}, [], f"{type(error).__name__}: {error}"))
            continue
        types = {}
        for row in told.splitlines():
            line, name, ty = row.split("\t")
            types.setdefault(int(line), []).append((name, ty))
        versions.append(Version(title, types, remarks, None))
    return Function(
        dispatcher.__qualname__, os.path.abspath(path), first, [line.rstrip("\n") for line in lines], versions
    )


def render(path, functions):
    """The page of a script's compiled functions, those of the script first."""
    merged = _merged(functions)
    by_path = {}
    for function in sorted(merged, key=lambda function: (function.path != path, function.path, function.first)):
        by_path.setdefault(function.path, []).append(function)
    parts = [
        "<!DOCTYPE html>",
        '<html lang="en"><head><meta charset="utf-8">',
        '<meta name="viewport" content="width=device-width, initial-scale=1">',
        '<meta name="color-scheme" content="light dark">',
        f"<title>{_text(os.path.basename(path))} — numir</title>",
        f"<style>{_STYLE}{_choices(merged)}</style></head><body>",
        f"<header><h1>{_text(os.path.basename(path))}</h1>{_summary(merged)}{_LEGEND}</header><main>",
    ]
    number = 0
    for file, there in by_path.items():
        parts.append(f"<h2>{_text(os.path.relpath(file, os.path.dirname(path)))}</h2>")
        parts += _file(file, there, number)
        number += len(there)
    if not by_path:
        hint = " What it compiles with Numba is shown with --as-numba." if "numba" in sys.modules else ""
        parts.append(f"<p>The script has no compiled function.{hint}</p>")
    parts.append("</main></body></html>\n")
    return "\n".join(parts)


def _merged(functions):
    """One function for those of one place: a closure is made, and compiled, again and again."""
    places = {}
    for function in functions:
        versions = places.setdefault((function.path, function.first), (function, {}))[1]
        for version in function.versions:
            versions.setdefault(version.title, version)
    return [function._replace(versions=list(versions.values())) for function, versions in places.values()]


def _summary(functions):
    versions = [version for function in functions for version in function.versions]
    remarks = [remark for version in versions for remark in version.remarks]

    def count(topic, done):
        return sum(remark.topic == topic and remark.done is done for remark in remarks)

    facts = [
        (len(versions), "specialisation{s}"),
        (count("parallel", True), "parallel loop{s}"),
        (count("vectors", True), "vectorised loop{s}"),
        (count("vectors", False), "loop{s} not vectorised"),
        (count("checks", True), "place{s} without checks"),
    ]
    items = (f"<li><b>{number}</b> {what.format(s='' if number == 1 else 's')}</li>" for number, what in facts)
    return f"<ul class=facts>{''.join(items)}</ul>"


def _file(path, functions, number):
    """A file's lines: those of functions with what is known of them, those between as they are."""
    try:
        with open(path, encoding="utf-8") as file:
            lines = file.read().splitlines()
    except (OSError, UnicodeDecodeError):
        lines = []
    at = 1
    for function in functions:
        if function.first > at:
            yield _plain(lines[at - 1 : function.first - 1], at)
        yield _function(function, number)
        number += 1
        at = max(at, function.first + len(function.lines))
    if lines[at - 1 :]:
        yield _plain(lines[at - 1 :], at)


def _plain(lines, first):
    if not any(line.strip() for line in lines):
        return ""
    rows = "".join(
        f"<tr>{_number(first + index)}<td class=s><pre>{_text(line)}</pre></td></tr>"
        for index, line in enumerate(lines)
    )
    return f"<details class=plain><summary>lines {first}–{first + len(lines) - 1}, not compiled</summary><table>{rows}</table></details>"


def _function(function, number):
    parts = [f'<section class=f aria-label="{_text(function.name)}">']
    if not function.versions:
        parts.append(f"<p class=title><b>{_text(function.name)}</b> was not compiled in this run</p>")
        parts.append(_table(function, Version("", {}, [], None)))
    for index, version in enumerate(function.versions):
        if len(function.versions) > 1:
            checked = " checked" if index == 0 else ""
            parts.append(
                f'<input type=radio name="f{number}" id="f{number}v{index}" class="r v{index}"{checked}>'
                f'<label for="f{number}v{index}">{_text(version.title)}</label>'
            )
    for index, version in enumerate(function.versions):
        parts.append(
            f'<div class="version v{index}"><p class=title><b>{_text(function.name)}</b>{_text(version.title)}</p>'
        )
        if version.failure:
            parts.append(f"<p class=failure>{_text(version.failure)}</p>")
        parts.append(_table(function, version) + "</div>")
    return "\n".join([*parts, "</section>"])


def _table(function, version):
    by_line = {}
    for remark in version.remarks:
        line = remark.line if remark.line is not None else function.first
        by_line.setdefault(line, []).append(remark)
    rows = []
    for line, source in enumerate(function.lines, function.first):
        remarks = by_line.get(line, [])
        names = "".join(
            f"<span class=n>{_text(name)}: <i>{_text(ty)}</i></span>" for name, ty in version.types.get(line, ())
        )
        tone = _tone(remarks)
        rows.append(
            f"<tr{tone}>{_number(line)}<td class=s><pre>{_text(source)}</pre></td><td class=t>{names}</td>"
            f"<td class=m>{''.join(map(_remark, remarks))}</td></tr>"
        )
    head = "<thead><tr><th>line</th><th>source</th><th>types</th><th>what the compiler did</th></tr></thead>"
    return f"<table>{head}<tbody>{''.join(rows)}</tbody></table>"


def _tone(remarks):
    """A line's colour: good where what matters for speed was done, poor where it was not, mixed where both."""
    about = {remark.done for remark in remarks if remark.topic != "calls"}
    return {
        frozenset((True,)): " class=good",
        frozenset((False,)): " class=poor",
        frozenset((True, False)): " class=mixed",
    }.get(frozenset(about), "")


def _remark(remark):
    from numir import _remarks

    mark, word = ("✓", "done") if remark.done else ("✗", "not done")
    where = _remarks.through(remark)
    return (
        f'<div class="k {remark.topic}{"" if remark.done else " not"}"><span class=b title="{word}">{mark} {remark.topic}</span> '
        f"{_text(remark.text)}<small>{_text(where)}</small></div>"
    )


def _number(line):
    return f'<td class=l id="L{line}">{line}</td>'


def _text(text):
    return html.escape(str(text), quote=True)


def _choices(functions):
    """The rules by which a radio button shows its specialisation: as many as the function with the most of them needs."""
    most = max((len(function.versions) for function in functions), default=0)
    return "".join(f".r.v{index}:checked~.version.v{index}{{display:block}}" for index in range(most))


_LEGEND = (
    "<p class=legend><span class='b parallel'>parallel</span> runs on all threads <span class='b vectors'>vectors</span> several items at once "
    "<span class='b checks'>checks</span> tested ahead or dropped <span class='b memory'>memory</span> allocations and copies "
    "<span class='b calls'>calls</span> replaced by bodies. ✓ was done, ✗ was not, and why.</p>"
)

_STYLE = """
:root{--bg:#fbfbfa;--fg:#20242b;--dim:#6f7782;--line:#e2e4e8;--card:#fff;--good:#e8f5ec;--goodbar:#2f9e5b;--poor:#fdf1e3;--poorbar:#d9822b;
--mixed:#f3f4e4;--mixedbar:#a3a12a;--type:#5b4bb5;--parallel:#1f6fbf;--vectors:#22834a;--checks:#7a5bb0;--memory:#9a6a12;--calls:#647083;--other:#647083}
@media(prefers-color-scheme:dark){:root{--bg:#14171b;--fg:#dde2e9;--dim:#8b95a3;--line:#2a3038;--card:#1a1e24;--good:#172a20;--goodbar:#3fb873;
--poor:#30241a;--poorbar:#e09a4c;--mixed:#292a18;--mixedbar:#c0be4a;--type:#b0a4f5;--parallel:#6cb1f2;--vectors:#63c98c;--checks:#b99df0;
--memory:#dcae58;--calls:#9aa6b8;--other:#9aa6b8}}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--fg);font:14px/1.45 system-ui,sans-serif}
header,main{max-width:1500px;margin:0 auto;padding:0 24px}h1{font-size:22px;margin:24px 0 8px}h2{font-size:16px;margin:28px 0 10px}
.facts{display:flex;flex-wrap:wrap;list-style:none;margin:0;padding:0;color:var(--dim)}.facts li{margin:0 22px 6px 0}.facts b{color:var(--fg)}
.legend{color:var(--dim)}.f{background:var(--card);border:1px solid var(--line);border-radius:8px;margin:14px 0;padding:10px 0;overflow-x:auto}
.title{margin:2px 16px 8px;font-family:ui-monospace,monospace}.title b{margin-right:6px}.failure{margin:2px 16px 8px;color:var(--poorbar)}
.r{margin:0 4px 8px 16px}.r+label{font-family:ui-monospace,monospace;font-size:12.5px;cursor:pointer}.r~.version{display:none}
table{border-collapse:collapse;width:100%}th{text-align:left;font-weight:500;font-size:12px;color:var(--dim);padding:2px 10px}
td{padding:1px 10px;vertical-align:top;border-top:1px solid transparent}pre{margin:0;font:13px/1.5 ui-monospace,monospace;white-space:pre}
.l{color:var(--dim);text-align:right;font:12px/1.65 ui-monospace,monospace;user-select:none;width:1%;border-left:3px solid transparent}
.t{font:12px/1.65 ui-monospace,monospace;color:var(--dim);min-width:150px}.t i{font-style:normal;color:var(--type)}.n{display:block;white-space:nowrap}
.m{font-size:12.5px;min-width:320px;width:45%}small{color:var(--dim)}
.good{background:var(--good)}.good .l{border-color:var(--goodbar)}.poor{background:var(--poor)}.poor .l{border-color:var(--poorbar)}
.mixed{background:var(--mixed)}.mixed .l{border-color:var(--mixedbar)}
.b{display:inline-block;border:1px solid currentColor;border-radius:4px;padding:0 5px;font-size:11px;line-height:1.45}
.b.parallel,.parallel .b{color:var(--parallel)}.b.vectors,.vectors .b{color:var(--vectors)}.b.checks,.checks .b{color:var(--checks)}
.b.memory,.memory .b{color:var(--memory)}.b.calls,.calls .b{color:var(--calls)}.other .b{color:var(--other)}.not .b{border-style:dashed}
.plain{margin:6px 0;color:var(--dim)}.plain summary{cursor:pointer;font-size:12.5px}
"""

"""Runs modules of Numba's own tests, from the installed package, against numir, and compares with the manifest.

    .venv/bin/python tests/numba_suite/run.py [--against numba] [--show] [module …]

The table at the end has per module: the tests that apply, those of them that pass, and the share. The exit status is 1 if a test fails
that the manifest does not list, or one passes that it lists. `--against numba` runs the same with Numba itself, where all must pass.
`--show` prints failures that are not listed as they would stand in the manifest.
"""

import argparse
import json
import re
import selectors
import subprocess
import sys
from collections import Counter, defaultdict
from pathlib import Path

from manifest import Manifest, short, written

HERE = Path(__file__).parent
MODULES = (
    "test_flow_control test_dataflow test_operators test_builtins test_range test_iteration test_tuples test_unpack_sequence test_closure "
    "test_nested_calls test_recursion test_optional test_return_values test_globals test_casting test_numconv test_mathlib test_complex "
    "test_array_attr test_slices test_indexing doc_examples.test_examples doc_examples.test_literal_container_usage "
    "doc_examples.test_parallel_chunksize doc_examples.test_rec_array test_cfunc test_ctypes test_cffi"
).split()
# Seconds without a word after which a process is taken to hang.
SILENCE = 70


def child(against, module, leave_out):
    """The lines of a process that runs what is left of a module."""
    command = [sys.executable, str(HERE / "child.py"), against, f"numba.tests.{module}"]
    pipe = subprocess.PIPE
    process = subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=subprocess.DEVNULL, text=True)
    process.stdin.write("\n".join(leave_out))
    process.stdin.close()
    with selectors.DefaultSelector() as selector:
        selector.register(process.stdout, selectors.EVENT_READ)
        while selector.select(SILENCE):
            line = process.stdout.readline()
            if not line:
                break
            yield json.loads(line)
    process.kill()
    yield {"ended": process.wait()}


def results(against, module, leave_out):
    """What became of each test of a module; a process that dies takes one test with it, and another goes on after it."""
    found = {}
    while True:
        running = None
        for line in child(against, module, [*leave_out, *found]):
            if "test" in line:
                found[line["test"]] = line["kind"], line["text"]
                running = None
            running = line.get("begins", running)
            if line.get("done"):
                return found
        if running is None:
            found[f"numba.tests.{module}"] = "failed", "the module cannot be loaded"
            return found
        found[running] = "failed", "the process died"


def cause(text):
    """An error's text without what differs from test to test."""
    text = re.sub(r"0x[0-9a-f]+|\d[\d_.e+-]*", "N", text)
    return re.sub(r"\x1b\[[0-9;]*m", "", text)[:150].strip()


def judge(module, found, manifest, against):
    """The numbers of a module, and what is not as the manifest says: failures and successes."""
    counts, failures, successes = Counter(), {}, []
    for test, (kind, text) in found.items():
        if kind == "skipped":
            counts["skipped"] += 1
            continue
        if against == "numir" and manifest.reason("does-not-apply", test):
            counts["does not apply"] += 1
            continue
        counts["tests"] += 1
        counts["passed"] += kind == "passed"
        listed = against == "numir" and manifest.reason("fails", test)
        if kind == "failed" and not listed:
            failures[test] = text
        if kind == "passed" and listed:
            successes.append(test)
    return counts, failures, successes


def show(rows):
    """The table: a line per module, and the sum."""
    total = sum((counts for _, counts in rows), Counter())
    print(f"{'module':45} {'tests':>6} {'passed':>6} {'share':>6}  {'not ours':>8} {'skipped':>7}")
    for module, counts in [*rows, ("all", total)]:
        share = 100 * counts["passed"] / max(counts["tests"], 1)
        others = f"{counts['does not apply']:8} {counts['skipped']:7}"
        print(f"{module:45} {counts['tests']:6} {counts['passed']:6} {share:5.1f}%  {others}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--against", choices=("numir", "numba"), default="numir")
    parser.add_argument("--show", action="store_true", help="print unlisted failures as the manifest would have them")
    parser.add_argument("modules", nargs="*", default=MODULES)
    chosen = parser.parse_args()
    manifest = Manifest()
    rows, groups, successes = [], defaultdict(list), []
    for module in chosen.modules:
        counts, failed, passed = judge(module, results(chosen.against, module, []), manifest, chosen.against)
        rows.append((module, counts))
        successes += passed
        for test, text in failed.items():
            groups[cause(text)].append(test)
            if not chosen.show:
                print(f"fails: {short(test)}: {text}")
    if chosen.show:
        print(written("fails", groups))
    for test in successes:
        print(f"passes, but is listed: {short(test)}")
    show(rows)
    sys.exit(1 if groups or successes else 0)


if __name__ == "__main__":
    main()

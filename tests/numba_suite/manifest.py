"""What is expected of Numba's tests: manifest.toml says which do not apply to numir and which are known to fail, each with a reason."""

import fnmatch
from pathlib import Path

import tomllib

FILE = Path(__file__).with_name("manifest.toml")


class Manifest:
    """Patterns of test names with reasons. A pattern is a name without `numba.tests.`, in which `*` stands for anything."""

    def __init__(self, file=FILE):
        data = tomllib.loads(file.read_text()) if file.exists() else {}
        self.entries = {kind: self._patterns(data.get(kind, [])) for kind in ("does-not-apply", "fails")}

    def _patterns(self, groups):
        return [(pattern, group["reason"]) for group in groups for pattern in group["tests"]]

    def reason(self, kind, test):
        """Why a test does not apply, or fails; None if nothing is said of it."""
        name = short(test)
        return next((reason for pattern, reason in self.entries[kind] if fnmatch.fnmatchcase(name, pattern)), None)


def short(test):
    """A test's name without what all have in common."""
    return test.removeprefix("numba.tests.")


def written(kind, groups):
    """Groups of tests by reason, as they stand in the file."""
    lines = []
    for reason, tests in sorted(groups.items(), key=lambda group: (-len(group[1]), group[0])):
        quoted = reason.replace("\\", "\\\\").replace('"', '\\"')
        lines += [f"[[{kind}]]", f'reason = "{quoted}"', "tests = ["]
        lines += [f'    "{short(test)}",' for test in sorted(tests)]
        lines += ["]", ""]
    return "\n".join(lines)

"""Checks that every dependency's licence is one that deny.toml allows.

cargo-deny does this and more; it is used where it is installed. Building it takes longer than numir's own tests, so
without it this reads the same list from deny.toml and the licences from `cargo metadata`.
"""

import json
import pathlib
import re
import shutil
import subprocess
import sys

import tomllib

ROOT = pathlib.Path(__file__).resolve().parent.parent


def allowed(expression, licences):
    """Whether an SPDX expression is met by the allowed licences: one term of an OR, all of an AND."""
    expression = expression.replace("/", " OR ").replace("(", " ( ").replace(")", " ) ")
    words = re.sub(r"\bWITH\s+", "WITH@", re.sub(r"\s+WITH", "@WITH", expression)).split()
    terms = []
    for word in words:
        if word in ("(", ")"):
            terms.append(word)
        elif word in ("AND", "OR"):
            terms.append(word.lower())
        else:
            terms.append(str(word.replace("@WITH@", " WITH ") in licences))
    return bool(eval(" ".join(terms), {"__builtins__": {}}))  # noqa: S307 - only True, False, and, or, parentheses


def main():
    if shutil.which("cargo-deny"):
        return subprocess.run(["cargo", "deny", "check", "licenses", "bans", "sources"], cwd=ROOT).returncode
    rules = tomllib.loads((ROOT / "deny.toml").read_text())["licenses"]
    licences = set(rules["allow"])
    clarified = {entry["crate"]: entry["expression"] for entry in rules["clarify"]}
    command = ["cargo", "metadata", "--format-version", "1", "--locked"]
    metadata = json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True).stdout)
    found = [
        (package, package["license"] or clarified.get(package["name"], "unnamed")) for package in metadata["packages"]
    ]
    wrong = [
        f"{package['name']} {package['version']}: {licence}"
        for package, licence in found
        if not allowed(licence, licences)
    ]
    for line in wrong:
        print(f"licence not allowed: {line}", file=sys.stderr)
    if not wrong:
        print(f"licences of {len(metadata['packages'])} packages are fine")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())

"""Makes a failing program smaller: blocks and expressions go while the command still says some words.

python tests/crash/reduce.py found/p20.py "does not dominate" -- run p20.py main n=3 x=0.5 v=v.npy w=w.npy m=m.npy
"""

import ast
import copy
import os
import subprocess
import sys
from pathlib import Path

NUMIR = os.environ.get("NUMIR", str(Path(__file__).resolve().parents[2] / "target/release/numir"))


def smaller(tree: ast.Module):
    """All trees with one thing less."""
    count = sum(1 for _ in ast.walk(tree))
    for number in range(count):
        node = next(node for at, node in enumerate(ast.walk(tree)) if at == number)
        for name, value in ast.iter_fields(node):
            if isinstance(value, list):
                for place, item in enumerate(value):
                    inner = getattr(item, "body", None) if isinstance(item, (ast.If, ast.For, ast.While)) else None
                    if isinstance(item, ast.stmt):
                        for instead in ([], inner, getattr(item, "orelse", None)):
                            if instead is not None:
                                yield number, name, place, instead
                    elif isinstance(item, ast.expr):
                        for part in parts(item):
                            yield number, name, place, [part]
            elif isinstance(value, ast.expr):
                for part in parts(value):
                    yield number, name, None, part


def parts(expression: ast.expr):
    if isinstance(expression, (ast.Constant, ast.Name)):
        return []
    inner = [node for node in ast.iter_child_nodes(expression) if isinstance(node, ast.expr)]
    return [node for node in inner if not isinstance(getattr(node, "ctx", None), (ast.Store, ast.Del))] + [
        ast.Constant(1)
    ]


def edited(tree: ast.Module, number: int, name: str, place, instead) -> str | None:
    tree = copy.deepcopy(tree)
    node = next(node for at, node in enumerate(ast.walk(tree)) if at == number)
    if place is None:
        setattr(node, name, copy.deepcopy(instead))
    else:
        items = getattr(node, name)
        items[place : place + 1] = copy.deepcopy(instead)
        if not items and name == "body" and not isinstance(node, ast.Module):
            items.append(ast.Pass())
    try:
        text = ast.unparse(ast.fix_missing_locations(tree))
        compile(text, "p", "exec")
        return text
    except (SyntaxError, ValueError, AttributeError, TypeError):
        return None


def fails(file: Path, text: str, words: str, command: list[str]) -> bool:
    small = file.with_name("small-" + file.name)
    small.write_text(text)
    ours = run([NUMIR, *[part.replace(file.name, small.name) for part in command]], file.parent)
    if ours is None:
        return words == "timeout"
    return words in ours


def run(command, folder):
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=20, cwd=folder, stdin=subprocess.DEVNULL)
    except subprocess.TimeoutExpired:
        return None
    return done.stdout + done.stderr + (f"signal {-done.returncode}" if done.returncode < 0 else "")


def main():
    file, words, command = Path(sys.argv[1]), sys.argv[2], sys.argv[4:]
    text = ast.unparse(ast.parse(file.read_text()))
    if not fails(file, text, words, command):
        sys.exit(f"{file} does not fail so")
    going = True
    while going:
        going = False
        tree = ast.parse(text)
        for change in smaller(tree):
            candidate = edited(tree, *change)
            if candidate and len(candidate) < len(text) and fails(file, candidate, words, command):
                text, going = candidate, True
                break
    print(text)


main()

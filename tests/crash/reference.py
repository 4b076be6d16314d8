"""CPython's answers: reads names of programs, one a line, writes what each returned or raised, one line of JSON a program."""

import contextlib
import io
import json
import signal
import sys
import warnings
from pathlib import Path

import numir
import numpy as np

numir.config.DISABLE_JIT = True
warnings.simplefilter("ignore")
sys.setrecursionlimit(400)


def late(*_):
    raise TimeoutError


def outcome(file: str, arguments: list) -> dict:
    names = {}
    written = io.StringIO()
    try:
        exec(compile(Path(file).read_text(), file, "exec"), names)
        signal.alarm(5)
        with contextlib.redirect_stdout(written):
            value = names["main"](*arguments)
        return {"out": written.getvalue() + repr(value) + "\n"}
    except TimeoutError:
        return {}
    except Exception as error:
        return {"error": type(error).__name__, "message": str(error), "out": written.getvalue()}
    finally:
        signal.alarm(0)


def main():
    signal.signal(signal.SIGALRM, late)
    data = Path(sys.argv[1])
    for line in sys.stdin:
        file, n, x = json.loads(line)
        arrays = [np.load(data / f"{name}.npy") for name in "vwm"]
        print(json.dumps(outcome(file, [n, x, *arrays])), flush=True)


main()

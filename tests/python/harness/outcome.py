"""What came of a case: a value or an error, what was printed, and the arrays that were passed in."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Case:
    """A function of a file and its arguments, encoded; `ulp` is how far floats may be off, `strict` asks for equal types."""

    file: str
    function: str
    arguments: list
    ulp: int = 0
    strict: bool = False
    options: dict = field(default_factory=dict)
    # Whether an exception must come from the same line.
    lines: bool = True


@dataclass
class Failed:
    """An exception."""

    type: str
    message: str = ""
    line: int | None = None
    phase: str = "run"


@dataclass
class Outcome:
    """How a case ended."""

    value: Any = None
    error: Failed | None = None
    arguments: list = field(default_factory=list)
    stdout: str = ""

"""crates/numir-runtime/src/random/widths.rs: the widths of the strips by which NumPy's Generator draws normal and exponential numbers.

They follow from the number of strips and where the last one ends (Marsaglia and Tsang, The ziggurat method for generating random
variables, 2000), but only up to the rounding of whoever computed them, which the stream of NumPy keeps for ever. So they are asked of
NumPy through its public interface: SFC64 adds words of its state, which can be set, and a strip's number and a power of two as the
position in it give the strip's width times that power.

    .venv/bin/python scripts/ziggurat.py [--check]
"""

import pathlib
import sys

import numpy as np

PAGE = pathlib.Path(__file__).resolve().parent.parent / "crates" / "numir-runtime" / "src" / "random" / "widths.rs"

# Small enough to be accepted in every strip, and exact.
POSITION = 2**20


def drawn(bits, draw):
    """What a generator draws whose first 64 bits are these."""
    source = np.random.SFC64(0)
    state = source.state
    state["state"]["state"][:] = [bits, 0, 0, 0]
    source.state = state
    return draw(np.random.Generator(source))


def widths(low, high, draw):
    """The widths of the 256 strips, where a draw holds the strip's number from one bit on, and the position from another on."""
    return [float(drawn((strip << low) | (POSITION << high), draw)) / POSITION for strip in range(256)]


def table(name, ty, doc, numbers):
    return (
        f"/// {doc}\npub(super) static {name}: [{ty}; 256] = [\n"
        + "".join(f"    {number!r},\n" for number in numbers)
        + "];\n"
    )


def text():
    single = np.float32
    return "\n".join(
        (
            "//! Made by scripts/ziggurat.py, which says how.\n"
            '#![allow(clippy::unreadable_literal, clippy::excessive_precision, reason = "nobody reads them")]\n',
            table(
                "NORMAL",
                "f64",
                "Of the normal distribution, divided by 2**52.",
                widths(0, 9, lambda generator: generator.standard_normal()),
            ),
            table(
                "EXPONENTIAL",
                "f64",
                "Of the exponential distribution, divided by 2**53.",
                widths(3, 11, lambda generator: generator.standard_exponential()),
            ),
            table(
                "NORMAL_SINGLE",
                "f32",
                "Of the normal distribution in single precision, divided by 2**23.",
                widths(0, 9, lambda generator: generator.standard_normal(dtype=single)),
            ),
            table(
                "EXPONENTIAL_SINGLE",
                "f32",
                "Of the exponential distribution in single precision, divided by 2**23.",
                widths(1, 9, lambda generator: generator.standard_exponential(dtype=single)),
            ),
        )
    )


if __name__ == "__main__":
    if "--check" in sys.argv:
        sys.exit(PAGE.read_text() != text())
    PAGE.write_text(text())

"""Small damages to a text: tokens and bytes dropped, doubled, swapped, replaced."""

import random
import re

TOKEN = re.compile(r"\s+|[A-Za-z_][A-Za-z_0-9.]*|[%@#!^][\w.$-]+|\d+(?:\.\d+)?(?:[eE][-+]?\d+)?|.", re.DOTALL)
EXTREMES = [
    "0",
    "-1",
    "1",
    "9223372036854775807",
    "-9223372036854775808",
    "18446744073709551616",
    "1e308",
    "65",
    "1000000",
]
BYTES = [0, 9, 10, 13, 34, 39, 40, 41, 92, 123, 125, 127, 128, 195, 255]
DEEP = ["(", "[", "{", "-", "not ", "lambda: ", "<", "!numeric.array<", "1 + ", "x if x else "]


def mutated(text: str, source: random.Random) -> bytes:
    """The text with one to four damages."""
    tokens = TOKEN.findall(text)
    for _ in range(source.choice((1, 1, 1, 1, 2, 4))):
        if not tokens:
            break
        damage = source.choice(DAMAGES)
        damage(tokens, source.randrange(len(tokens)), source)
    data = bytearray("".join(tokens).encode())
    if source.random() < 0.15:
        for _ in range(source.choice((1, 1, 3))):
            flip_byte(data, source)
    return bytes(data)


def flip_byte(data: bytearray, source: random.Random):
    at = source.randrange(len(data) + 1)
    kind = source.randrange(3)
    if kind == 0 or at == len(data):
        data.insert(at, source.choice(BYTES))
    elif kind == 1:
        del data[at]
    else:
        data[at] = source.randrange(256)


def solid(tokens: list[str], at: int) -> int:
    """The next place that is not blank."""
    for place in range(at, min(at + 8, len(tokens))):
        if not tokens[place].isspace():
            return place
    return at


def drop(tokens, at, source):
    del tokens[solid(tokens, at)]


def double(tokens, at, source):
    at = solid(tokens, at)
    tokens.insert(at, tokens[at])


def exchange(tokens, at, source):
    other = solid(tokens, source.randrange(len(tokens)))
    at = solid(tokens, at)
    tokens[at], tokens[other] = tokens[other], tokens[at]


def kind(token: str) -> str:
    """What may stand where it stands: names of operations, of values, of types, words, numbers, signs."""
    if token[0].isalpha():
        return "a.b" if "." in token else "a"
    return "0" if token[0].isdigit() else token[0] if token[0] in "%@!^#" else "sign"


def borrow(tokens, at, source):
    """A token of the same kind from elsewhere: the damage that gets furthest."""
    at = solid(tokens, at)
    if not tokens[at].isspace():
        tokens[at] = source.choice(
            [token for token in tokens if not token.isspace() and kind(token) == kind(tokens[at])]
        )


def borrow_type(tokens, at, source):
    """Another type after a colon, or another operation's name: what parses, and is checked further on."""
    places = [place for place, token in enumerate(tokens) if "." in token and kind(token) in ("a.b", "!")]
    places += [place for place, token in enumerate(tokens) if re.fullmatch("index|[suif]+[0-9]+", token)]
    if places:
        tokens[source.choice(places)] = tokens[source.choice(places)]


def number(tokens, at, source):
    places = [place for place, token in enumerate(tokens) if token[0].isdigit()]
    if places:
        tokens[source.choice(places)] = source.choice(EXTREMES)


def drop_line(tokens, at, source):
    ends = [place for place, token in enumerate(tokens) if "\n" in token]
    if len(ends) > 1:
        chosen = source.randrange(len(ends) - 1)
        del tokens[ends[chosen] : ends[chosen + 1]]


def move_line(tokens, at, source):
    ends = [place for place, token in enumerate(tokens) if "\n" in token]
    if len(ends) > 2:
        chosen = source.randrange(len(ends) - 1)
        line = tokens[ends[chosen] : ends[chosen + 1]]
        if source.random() < 0.5:
            del tokens[ends[chosen] : ends[chosen + 1]]
        place = source.choice([place for place, token in enumerate(tokens) if "\n" in token] or [0])
        tokens[place:place] = line


def cut(tokens, at, source):
    del tokens[at:]


def nest(tokens, at, source):
    tokens.insert(solid(tokens, at), source.choice(DEEP) * source.choice((1, 3, 50, 20000)))


SUBTLE = [borrow] * 6 + [borrow_type] * 4 + [number] * 2
DAMAGES = [*SUBTLE, exchange, drop, double, drop_line, move_line, cut, nest]

"""The control flow of compiled code, read from LLVM's text: blocks, who follows whom, and pictures of that."""

import html
import re

_DEFINE = re.compile(r"^define [^@]*@(?P<name>\"[^\"]*\"|[-\w.$]+)\(")
_LABEL = re.compile(r"^(\"[^\"]*\"|[-\w.$]+):")
_TARGET = re.compile(r"label %(\"[^\"]*\"|[-\w.$]+)")
_METADATA = re.compile(r"(, ![\w.]+ !\d+)+$|^\s*#dbg_")

# Sizes in the picture.
_CHARACTER, _LINE, _GAP, _MARGIN = 6.3, 14, 46, 12
_MOST_LINES, _MOST_CHARACTERS = 24, 96


class Block:
    """A basic block: its label, its instructions, the labels of those that may follow."""

    def __init__(self, label):
        self.label = label
        self.lines = []
        self.follows = []


class ControlFlow:
    """The graph of a function: `blocks` by label, `dot` for Graphviz, a picture in notebooks, `display()` elsewhere."""

    def __init__(self, name, llvm, wrapper=False):
        self.name = name
        self.symbol, self.blocks = _function(name, llvm, wrapper)

    @property
    def dot(self):
        """The graph in Graphviz's language."""
        rows = [f"digraph {_quoted('CFG for ' + self.symbol)} {{", '  node [shape=box, fontname="monospace"];']
        for number, block in enumerate(self.blocks.values()):
            text = "\\l".join(_escaped(line) for line in [block.label + ":", *block.lines])
            rows.append(f'  n{number} [label="{text}\\l"];')
        numbers = {label: number for number, label in enumerate(self.blocks)}
        for block in self.blocks.values():
            rows += [f"  n{numbers[block.label]} -> n{numbers[label]};" for label in block.follows]
        return "\n".join([*rows, "}", ""])

    def display(self, filename=None, format="svg", view=False):
        """Print the graph for Graphviz; or, with a name, write it there as svg or dot; with `view`, show it. What was written is returned."""
        if format not in ("svg", "dot"):
            raise ValueError(f"format is 'svg' or 'dot', not {format!r}")
        if filename is None and not view:
            print(self.dot)
            return None
        if filename is None:
            import tempfile

            with tempfile.NamedTemporaryFile(prefix="numir-", suffix=f".{format}", delete=False) as file:
                filename = file.name
        path = filename if str(filename).endswith(f".{format}") else f"{filename}.{format}"
        with open(path, "w", encoding="utf-8") as file:
            file.write(self.dot if format == "dot" else self._repr_svg_())
        if view:
            import pathlib
            import webbrowser

            webbrowser.open(pathlib.Path(path).resolve().as_uri())
        return path

    def _repr_svg_(self):
        return _svg(self)

    def __repr__(self):
        edges = sum(len(block.follows) for block in self.blocks.values())
        return f"<control flow of {self.symbol}: {len(self.blocks)} blocks, {edges} edges>"


def _function(name, llvm, wrapper):
    """The symbol and the blocks of a function in a module's text: the one of that name, its entry as a wrapper, else the largest."""
    functions, current = {}, None
    for line in llvm.splitlines():
        found = _DEFINE.match(line)
        if found:
            current = functions.setdefault(found["name"].strip('"'), [])
        elif line == "}":
            current = None
        elif current is not None:
            current.append(line)
    wanted = [f"numir_entry_{name}"] if wrapper else [name]
    # LLVM may have put the function into its entry.
    wanted += [symbol for symbol in functions if symbol.startswith("numir_entry_")]
    wanted += sorted(functions, key=lambda symbol: -len(functions[symbol]))
    symbol = next((symbol for symbol in wanted if symbol in functions), None)
    if symbol is None:
        raise ValueError("there is no code")
    return symbol, _blocks(functions[symbol])


def _blocks(lines):
    blocks, block = {}, None
    for line in lines:
        label = _LABEL.match(line)
        if label or block is None:
            block = Block(label[1].strip('"') if label else "entry")
            blocks[block.label] = block
        if label or not line.strip() or _METADATA.match(line):
            continue
        text = _METADATA.sub("", line.strip())
        block.lines.append(text)
        block.follows += [target.strip('"') for target in _TARGET.findall(text)]
    for block in blocks.values():
        block.follows = [label for label in dict.fromkeys(block.follows) if label in blocks]
    return blocks


def _quoted(text):
    return '"' + _escaped(text) + '"'


def _escaped(text):
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _ranks(blocks):
    """Each block's row: below all that lead to it but those that come back from a loop."""
    ranks, order = {}, []
    first = next(iter(blocks))
    # Depth first, without recursion: blocks may be thousands. What is met again while it is open is a way back.
    opened, closed, back = {first}, set(), set()
    way = [(first, iter(blocks[first].follows))]
    while way:
        label, rest = way[-1]
        for next_label in rest:
            if next_label not in opened:
                opened.add(next_label)
                way.append((next_label, iter(blocks[next_label].follows)))
                break
            if next_label not in closed:
                back.add((label, next_label))
        else:
            closed.add(label)
            order.append(label)
            way.pop()
    for label in reversed(order):
        rank = ranks.setdefault(label, 0)
        for follower in blocks[label].follows:
            if (label, follower) not in back:
                ranks[follower] = max(ranks.get(follower, 0), rank + 1)
    return ranks, back


def _shown(block):
    lines = [block.label + ":", *block.lines]
    if len(lines) > _MOST_LINES:
        lines = [*lines[: _MOST_LINES - 3], f"… {len(lines) - _MOST_LINES + 2} more", *lines[-2:]]
    return [line if len(line) <= _MOST_CHARACTERS else line[: _MOST_CHARACTERS - 1] + "…" for line in lines]


def _svg(graph):
    ranks, back = _ranks(graph.blocks)
    rows = {}
    for label, rank in ranks.items():
        rows.setdefault(rank, []).append(label)
    texts = {label: _shown(graph.blocks[label]) for label in ranks}
    boxes, top, width = {}, _MARGIN, 0
    for rank in sorted(rows):
        left = _MARGIN
        for label in rows[rank]:
            wide = max(map(len, texts[label])) * _CHARACTER + 16
            boxes[label] = (left, top, wide, len(texts[label]) * _LINE + 10)
            left += wide + _GAP
        width = max(width, left)
        top += max(boxes[label][3] for label in rows[rank]) + _GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width + _GAP:.0f}" height="{top:.0f}" font-family="monospace" font-size="10.5">',
        "<style>.b{fill:#f7f9fc;stroke:#5b6b80}.t{fill:#1b2430}.e{fill:none;stroke:#5b6b80}.k{fill:none;stroke:#b4572a}"
        "@media(prefers-color-scheme:dark){.b{fill:#1c222b;stroke:#8fa1b8}.t{fill:#dde5f0}.e{stroke:#8fa1b8}.k{stroke:#e69a6b}}</style>",
        '<defs><marker id="a" viewBox="0 0 8 8" refX="8" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
        '<path d="M0 0L8 4L0 8z" fill="#5b6b80"/></marker></defs>',
    ]
    for label, block in graph.blocks.items():
        for follower in block.follows if label in boxes else ():
            parts.append(_edge(boxes[label], boxes[follower], (label, follower) in back))
    for label, (left, upper, wide, high) in boxes.items():
        parts.append(f'<rect class="b" x="{left:.1f}" y="{upper}" width="{wide:.1f}" height="{high}" rx="3"/>')
        for number, line in enumerate(texts[label]):
            parts.append(
                f'<text class="t" x="{left + 8:.1f}" y="{upper + (number + 1) * _LINE}" xml:space="preserve">{html.escape(line)}</text>'
            )
    return "\n".join([*parts, "</svg>"])


def _edge(start, end, is_back):
    """An arrow; the way back of a loop is drawn in another colour, around on the right."""
    x1, y1 = start[0] + start[2] / 2, start[1] + start[3]
    x2, y2 = end[0] + end[2] / 2, end[1]
    if is_back:
        side = max(start[0] + start[2], end[0] + end[2]) + _GAP * 0.8
        path = f"M{start[0] + start[2]:.1f} {y1 - 8} C{side:.1f} {y1} {side:.1f} {y2} {end[0] + end[2]:.1f} {y2 + 8}"
    else:
        path = f"M{x1:.1f} {y1} C{x1:.1f} {y1 + _GAP * 0.6:.1f} {x2:.1f} {y2 - _GAP * 0.6:.1f} {x2:.1f} {y2}"
    return f'<path class="{"k" if is_back else "e"}" d="{path}" marker-end="url(#a)"/>'

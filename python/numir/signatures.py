"""Signatures in the forms that `jit` takes: `"float64(int32, float64[:])"`, `(int32, float64[:])`, `float64(int32)`, and lists of these."""

import ast

from numir import types


def parse(signature):
    """The signatures that something stands for, a list even for one."""
    if isinstance(signature, (list, set)):
        return [one for part in signature for one in parse(part)]
    if isinstance(signature, types.Signature):
        return [signature]
    if isinstance(signature, tuple):
        return [types.Signature(None, tuple(types.of(ty) for ty in signature))]
    if isinstance(signature, str):
        return [_parse_text(signature)]
    if isinstance(signature, types.Type):
        return [types.Signature(None, (signature,))]
    raise TypeError(f"{signature!r} is no signature: write 'float64(int32, float64[:])', or a tuple of types")


def parse_list(signatures):
    """As `parse`, for decorators that take a list or a single signature."""
    return parse(
        list(signatures) if isinstance(signatures, tuple) and signatures and not _is_plain(signatures) else signatures
    )


def _is_plain(signature):
    return not any(isinstance(part, (str, types.Signature, tuple, list)) for part in signature)


def parse_type(text):
    """The type that a text names."""
    return _Reader(text).type(_Reader(text).tree)


def read_spelling(text):
    """The type that the compiler spells so: its int64 is NumPy's, its int Python's."""
    if text == "omitted":
        return types.omitted
    readonly = text.endswith(" readonly")
    reader = _Reader(text.removesuffix(" readonly").replace("[()]", "[0]"), compiler=True)
    ty = reader.type(reader.tree)
    if readonly:
        return types.Array(ty.item, ty.ndim, ty.layout, readonly=True)
    return ty


def _parse_text(text):
    reader = _Reader(text)
    tree = reader.tree
    if isinstance(tree, ast.Call) and not tree.keywords:
        return types.Signature(reader.type(tree.func), tuple(reader.type(argument) for argument in tree.args))
    arguments = tree.elts if isinstance(tree, ast.Tuple) else [tree]
    return types.Signature(None, tuple(reader.type(argument) for argument in arguments))


class _Reader:
    """Reads the syntax of Python expressions as types; nothing is evaluated."""

    def __init__(self, text, compiler=False):
        self.text = text
        self.compiler = compiler
        try:
            self.tree = ast.parse(text.strip(), mode="eval").body
        except SyntaxError as error:
            raise self.wrong("it is no expression") from error

    def wrong(self, why, node=None):
        """The error at a place."""
        from numir import errors

        column = f", column {node.col_offset + 1}" if node is not None else ""
        return errors.TypingError(f"cannot read the signature {self.text!r}{column}: {why}")

    def type(self, node):
        """The type that an expression names."""
        if isinstance(node, ast.Constant) and node.value is None:
            return types.none
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            return types.StringLiteral(node.value)
        if isinstance(node, ast.Name):
            return self.named(node.id, node)
        if isinstance(node, ast.Attribute):
            return self.named(f"np.{node.attr}" if self.compiler else node.attr, node)
        if isinstance(node, ast.Tuple):
            return types.BaseTuple([self.type(element) for element in node.elts])
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
            sides = [self.type(node.left), self.type(node.right)]
            inner = [side for side in sides if side != types.none]
            if len(inner) == 1:
                return types.Optional(inner[0])
        if isinstance(node, ast.Subscript):
            return self.array(node)
        if isinstance(node, ast.Call):
            return self.made(node)
        raise self.wrong(
            "a type is a name such as float64, an array such as float64[:, ::1], or a tuple of types", node
        )

    def named(self, name, node):
        """A scalar."""
        if self.compiler:
            strong = types._STRONG.get(name)
            if strong is not None:
                return strong
        if name == "range":
            return types.range_state_int64
        known = types._BY_NAME.get(name.removeprefix("np."))
        if known is None:
            raise self.wrong(f"there is no type `{name}`", node)
        return known

    def array(self, node):
        """An array of so many axes."""
        axes = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        item = self.type(node.value)
        if self.compiler and isinstance(axes[0], ast.Constant):
            return types.Array(item, 0, "C")
        slices = []
        for axis in axes:
            step = axis.step if isinstance(axis, ast.Slice) else node
            if not (step is None or (isinstance(step, ast.Constant) and step.value == 1)) or axis.lower or axis.upper:
                raise self.wrong("the axes of an array are written `:` or `::1`", axis)
            slices.append(slice(None, None, step and 1))
        if not isinstance(item, types.Scalar):
            raise self.wrong(f"an array holds numbers, not {item}", node)
        try:
            return item[tuple(slices)]
        except KeyError as error:
            raise self.wrong(error.args[0], node) from None

    def made(self, node):
        """`Tuple((…))`, `UniTuple(t, n)`, `optional(t)`, `Array(t, n, 'C')`."""
        function = node.func
        name = function.id if isinstance(function, ast.Name) else getattr(function, "attr", "")
        arguments = node.args
        if name == "UniTuple" and len(arguments) == 2 and isinstance(arguments[1], ast.Constant):
            return types.UniTuple(self.type(arguments[0]), arguments[1].value)
        if name == "Tuple" and len(arguments) == 1 and isinstance(arguments[0], (ast.Tuple, ast.List)):
            return types.BaseTuple([self.type(element) for element in arguments[0].elts])
        if name in ("optional", "Optional") and len(arguments) == 1:
            return types.Optional(self.type(arguments[0]))
        if name in ("Array", "array") and len(arguments) >= 3:
            return types.Array(self.type(arguments[0]), arguments[1].value, arguments[2].value)
        raise self.wrong("a type is not called", node)

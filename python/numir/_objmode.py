"""`objmode`: the block of a `with` statement as a function of Python, which compiled code calls."""

import ast
import symtable
import types as python_types

from numir import _source


def block_of(function, line, column, names):
    """A function that takes what has these names and gives a tuple of what the block at a place is declared to set, and the declared
    names with their types' spellings; or why there is none.
    """
    path, node = _statement(function, line, column)
    call = node.items[0].context_expr
    outputs = []
    for keyword in call.keywords if isinstance(call, ast.Call) else ():
        if keyword.arg is None:
            return "`**` is not understood: write the names and types out"
        spelling, why = _spelling(function, keyword)
        if why is not None:
            return why
        outputs.append((keyword.arg, spelling))
    if isinstance(call, ast.Call) and call.args:
        return "it takes names with their types, as in `objmode(y='float64[:]')`"
    _, written = _names(node)
    for name, _ in outputs:
        if name not in written:
            return f"`{name}` is declared, but the block does not set it"
    return _function(function, path, node, names, [name for name, _ in outputs]), outputs


def names_of(function, line, column):
    """The names that a block reads and those that it sets; or why it cannot be run by itself."""
    _, node = _statement(function, line, column)
    if node is None:
        return "its block is not found in the source"
    leaving = _leaving(node.body, False)
    if leaving:
        return f"{leaving[0]} (line {leaving[1].lineno}) cannot leave the block: set a variable that is declared, and test it behind"
    return tuple(map(sorted, _names(node)))


def _statement(function, line, column):
    """The file of a function, and its `with` statement at a place; None if there is none."""
    path, source = _source.text(function)
    lines = source.splitlines()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.With) and node.lineno == line:
            before = lines[line - 1].encode()[: node.col_offset].decode()
            if len(before) == column:
                return path, node
    return path, None


def _leaving(body, looped):
    """What would leave a block, and where; None if nothing does."""
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)):
            continue
        if isinstance(node, ast.Return):
            return "`return`", node
        if isinstance(node, (ast.Yield, ast.YieldFrom, ast.Await)):
            return "`yield`", node
        if isinstance(node, (ast.Break, ast.Continue)) and not looped:
            return f"`{type(node).__name__.lower()}`", node
        within = looped or isinstance(node, (ast.For, ast.While))
        found = _leaving(ast.iter_child_nodes(node), within)
        if found:
            return found
    return None


def _names(node):
    """The names that a block reads from around it, and those that it sets there, by Python's own rules of scopes."""
    text = ast.unparse(ast.fix_missing_locations(_definition("block", [], node.body)))
    (scope,) = symtable.symtable(text, "<objmode>", "exec").get_children()
    written = {one.get_name() for one in scope.get_symbols() if one.is_assigned() or one.is_imported()}
    named = {one.get_name() for one in scope.get_symbols()}
    scopes = list(scope.get_children())
    while scopes:
        inner = scopes.pop()
        named |= {one.get_name() for one in inner.get_symbols() if one.is_free() or one.is_global()}
        scopes += inner.get_children()
    read = set()
    _scan(node.body, set(), read)
    return read & named, written


def _scan(body, known, read):
    """Adds the names that statements may read before they have set them, of which `known` is what is set for sure; gives that behind them."""

    def loads(*nodes):
        for part in (part for node in nodes if node is not None for part in ast.walk(node)):
            if isinstance(part, ast.Name) and not isinstance(part.ctx, ast.Store) and part.id not in known:
                read.add(part.id)

    def stored(*nodes):
        parts = (part for node in nodes if node is not None for part in ast.walk(node))
        return {part.id for part in parts if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)}

    known = set(known)
    for node in body:
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
            read |= {node.target.id} - known
        if isinstance(node, (ast.For, ast.While)):
            head = (node.iter, node.target) if isinstance(node, ast.For) else (node.test,)
            loads(*head)
            _scan(node.body, known | stored(*head), read)
            _scan(node.orelse, known, read)
        elif isinstance(node, ast.If):
            loads(node.test)
            known = _scan(node.body, known, read) & _scan(node.orelse, known, read)
        elif isinstance(node, ast.Try):
            ends = [_scan([*node.body, *node.orelse], known, read)]
            ends += [_scan(handler.body, known | {handler.name}, read) for handler in node.handlers]
            loads(*(handler.type for handler in node.handlers))
            known |= _scan(node.finalbody, known, read) | set.intersection(*ends)
        elif isinstance(node, ast.With):
            for item in node.items:
                loads(item.context_expr, item.optional_vars)
                known |= stored(item.optional_vars)
            known = _scan(node.body, known, read)
        else:
            loads(node)
            known |= stored(node) if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr)) else set()
    return known


def _spelling(function, keyword):
    """How the compiler writes a declared type, or why it cannot."""
    from numir import errors, signatures, types

    scope = {**function.__globals__, **_closure(function)}
    try:
        declared = eval(compile(ast.Expression(keyword.value), "<objmode>", "eval"), scope)
        if isinstance(declared, str):
            declared = signatures.Parser(declared).whole_type()
        return types.as_type(declared).spelling, None
    except (errors.NumbaError, TypeError, ValueError, NameError, AttributeError) as error:
        return None, f"the type of `{keyword.arg}` is not understood: {error}"


def _closure(function):
    found = {}
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or ()):
        try:
            found[name] = cell.cell_contents
        except ValueError:
            # It has no value yet.
            continue
    return found


def _function(function, path, node, names, outputs):
    """The block, with the globals and the closure of the function that it stands in."""
    free = function.__code__.co_freevars
    end = node.body[-1]
    result = ast.Return(ast.Tuple([ast.Name(name, ast.Load()) for name in outputs], ast.Load()))
    ast.copy_location(result, end)
    block = _definition("block", [name for name in names if name not in free], [*node.body, result])
    around = _definition("around", list(free), [block, ast.Return(ast.Name("block", ast.Load()))])
    for one in (block, around, around.body[-1]):
        ast.copy_location(one, node)
    module = ast.fix_missing_locations(ast.Module([around], []))
    code = _code(_code(compile(module, path, "exec")))
    code = code.replace(co_name=function.__name__)
    cells = dict(zip(free, function.__closure__ or ()))
    closure = tuple(cells[name] for name in code.co_freevars)
    inner = python_types.FunctionType(code, function.__globals__, function.__name__, None, closure)
    if not set(names) & set(free):
        return inner
    # Names of the closure stand in it.
    places = [place for place, name in enumerate(names) if name not in free]
    return lambda *values: inner(*(values[place] for place in places))


def _definition(name, parameters, body):
    arguments = ast.arguments(
        posonlyargs=[],
        args=[ast.arg(parameter) for parameter in parameters],
        kwonlyargs=[],
        kw_defaults=[],
        defaults=[],
    )
    definition = ast.FunctionDef(name=name, args=arguments, body=body, decorator_list=[])
    if "type_params" in definition._fields:
        definition.type_params = []
    return definition


def _code(code):
    return next(constant for constant in code.co_consts if isinstance(constant, python_types.CodeType))

"""The small changes that make a mutant: one function per kind of syntax node."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

Edit = tuple[str, str, ast.AST]
"""How the node reads before and after, and the node that replaces it."""

COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.Mult,
    ast.Pow: ast.Mult,
    ast.LShift: ast.RShift,
    ast.RShift: ast.LShift,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
    ast.BitXor: ast.BitOr,
}
DELETABLE = (ast.Expr, ast.Assign, ast.AugAssign, ast.Raise, ast.Delete)


def edits(node: ast.AST, *, in_function: bool) -> Iterator[Edit]:
    """Yield every change of `node` itself; its children are not looked at."""
    if in_function and isinstance(node, DELETABLE):
        yield ast.unparse(node), "pass", ast.Pass()
    for kind, make in _MAKERS:
        if isinstance(node, kind):
            for after in make(node):
                ast.copy_location(after, node)
                yield _text(node), _text(after), after


def _text(node: ast.AST) -> str:
    """Return `node` as source, of a compound statement only its first line."""
    if isinstance(node, ast.comprehension):
        return ast.unparse(node).strip()
    return ast.unparse(node).split("\n")[0]


def _compare(node: ast.Compare) -> Iterator[ast.AST]:
    for at, operator in enumerate(node.ops):
        swapped = COMPARISONS[type(operator)]()
        ops = [*node.ops[:at], swapped, *node.ops[at + 1 :]]
        yield ast.Compare(node.left, ops, node.comparators)


def _arithmetic(node: ast.BinOp) -> Iterator[ast.AST]:
    if type(node.op) in ARITHMETIC:
        yield ast.BinOp(node.left, ARITHMETIC[type(node.op)](), node.right)


def _augmented(node: ast.AugAssign) -> Iterator[ast.AST]:
    if type(node.op) in ARITHMETIC:
        yield ast.AugAssign(node.target, ARITHMETIC[type(node.op)](), node.value)
    yield ast.Assign([node.target], node.value)


def _boolean(node: ast.BoolOp) -> Iterator[ast.AST]:
    swapped = ast.Or() if isinstance(node.op, ast.And) else ast.And()
    yield ast.BoolOp(swapped, node.values)


def _unary(node: ast.UnaryOp) -> Iterator[ast.AST]:
    if isinstance(node.op, ast.Not | ast.USub):
        yield node.operand


def _constant(node: ast.Constant) -> Iterator[ast.AST]:
    match node.value:
        case bool():
            yield ast.Constant(not node.value)
        case int() | float():
            yield ast.Constant(node.value + 1)
        case str():
            yield ast.Constant("XX" + node.value)
        case bytes():
            yield ast.Constant(b"XX" + node.value)


def _return(node: ast.Return) -> Iterator[ast.AST]:
    if node.value is not None and not _is_none(node.value):
        yield ast.Return(ast.Constant(value=None))


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _branch(node: ast.If | ast.IfExp) -> Iterator[ast.AST]:
    for test in _tests(node.test):
        if isinstance(node, ast.If):
            yield ast.If(test, node.body, node.orelse)
        else:
            yield ast.IfExp(test, node.body, node.orelse)


def _while(node: ast.While) -> Iterator[ast.AST]:
    if not isinstance(node.test, ast.Constant):
        yield ast.While(ast.Constant(value=False), node.body, node.orelse)


def _comprehension(node: ast.comprehension) -> Iterator[ast.AST]:
    for at, test in enumerate(node.ifs):
        for changed in _tests(test):
            ifs = [*node.ifs[:at], changed, *node.ifs[at + 1 :]]
            yield ast.comprehension(node.target, node.iter, ifs, node.is_async)


def _tests(test: ast.expr) -> Iterator[ast.expr]:
    """Yield what a condition becomes; a comparison is negated by its own change."""
    yield ast.Constant(value=True)
    yield ast.Constant(value=False)
    if not isinstance(test, ast.Compare) and not _is_not(test):
        yield ast.UnaryOp(ast.Not(), test)


def _is_not(node: ast.expr) -> bool:
    return isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not)


def _slice(node: ast.Slice) -> Iterator[ast.AST]:
    if node.lower is not None:
        yield ast.Slice(None, node.upper, node.step)
    if node.upper is not None:
        yield ast.Slice(node.lower, None, node.step)


def _jump(node: ast.Break | ast.Continue) -> Iterator[ast.AST]:
    yield ast.Continue() if isinstance(node, ast.Break) else ast.Break()


_MAKERS: tuple[
    tuple[type[ast.AST] | tuple[type[ast.AST], ...], Callable[..., Iterator[ast.AST]]], ...
] = (
    (ast.Compare, _compare),
    (ast.BinOp, _arithmetic),
    (ast.AugAssign, _augmented),
    (ast.BoolOp, _boolean),
    (ast.UnaryOp, _unary),
    (ast.Constant, _constant),
    (ast.Return, _return),
    ((ast.If, ast.IfExp), _branch),
    (ast.While, _while),
    (ast.comprehension, _comprehension),
    (ast.Slice, _slice),
    ((ast.Break, ast.Continue), _jump),
)

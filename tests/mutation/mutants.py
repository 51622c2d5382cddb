"""Every mutant of a module, and a seeded sample of them."""

from __future__ import annotations

import ast
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from textwrap import shorten
from types import CodeType

from tests.mutation.operators import edits

SKIPPED_FIELDS = frozenset(
    {"annotation", "returns", "decorator_list", "format_spec", "type_params"}
)
LOGGERS = frozenset({"log", "logger", "logging", "_log", "_LOG", "LOG"})
WORDING = "sentence"
"""Wraps what people read; a test of each such text could only repeat it."""
TYPING_CALLS = frozenset({"TypeVar", "NewType", "ParamSpec"})


@dataclass(frozen=True, slots=True)
class Scope:
    """Where in a module a node is."""

    lines: range | None = None
    """The lines that a test must run to notice a change; None outside functions."""
    function: str | None = None
    """The qualified name of the outermost function around the node."""
    function_line: int = 0
    """That function's first line, with its decorators."""
    prefix: str = ""
    """The names of the classes around the node, with a dot behind each."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of a module."""

    line: int
    """The line it is on."""
    column: int
    """The column it starts at."""
    before: str
    """How the changed node read."""
    after: str
    """How it reads now."""
    scope: Scope
    """What is around it."""
    place: int
    """Its number among the module's mutants in the order of the syntax tree."""

    @property
    def change(self) -> str:
        """Return the change in one line."""
        return f"{shorten(self.before, 90)} → {shorten(self.after, 90)}"


def all_mutants(source: str) -> list[Mutant]:
    """Return every mutant of a module, in the order of its lines."""
    found = [
        replace(mutant, place=place)
        for place, (mutant, _) in enumerate(_changes(ast.parse(source)))
    ]
    return sorted(found, key=lambda one: (one.line, one.column, one.place))


def sample(source: str, count: int, seed: int) -> list[Mutant]:
    """Return `count` mutants drawn with `seed`, or all if there are fewer."""
    every = all_mutants(source)
    chosen = random.Random(seed).sample(range(len(every)), min(count, len(every)))  # noqa: S311 - no secret
    return [every[at] for at in sorted(chosen)]


def mutated(source: str, mutant: Mutant) -> ast.Module:
    """Return the syntax tree of `source` with `mutant` in it."""
    tree = ast.parse(source)
    for place, (_, apply) in enumerate(_changes(tree)):
        if place == mutant.place:
            apply()
            return ast.fix_missing_locations(tree)
    message = f"no mutant {mutant.place}"
    raise ValueError(message)


def code_of(source: str, mutant: Mutant, path: str) -> CodeType:
    """Compile `source` with `mutant` in it."""
    return compile(mutated(source, mutant), path, "exec", dont_inherit=True)


def _changes(tree: ast.Module) -> Iterator[tuple[Mutant, Callable[[], None]]]:
    """Yield each change of `tree` and what makes it; only one may be made."""
    for child, put in _children(tree):
        yield from _visit(child, put, Scope())


def _visit(
    node: ast.AST, put: Callable[[ast.AST], None], scope: Scope
) -> Iterator[tuple[Mutant, Callable[[], None]]]:
    if _skipped(node):
        return
    if scope.function is not None:
        scope = replace(scope, lines=_header(node) or scope.lines)
    line, column = getattr(node, "lineno", None), getattr(node, "col_offset", 0)
    if line is None and isinstance(node, ast.comprehension):
        line, column = node.target.lineno, node.target.col_offset
    if line is not None:
        for before, after, new in edits(node, in_function=scope.function is not None):
            ast.copy_location(new, node)
            yield Mutant(line, column, before, after, scope, 0), partial(put, new)
    for child, put_child in _children(node):
        yield from _visit(child, put_child, _inside(node, child, scope))


def _inside(node: ast.AST, child: ast.AST, scope: Scope) -> Scope:
    """Return the scope of `child` of `node`."""
    if isinstance(node, ast.ClassDef) and scope.function is None:
        return replace(scope, prefix=f"{scope.prefix}{node.name}.")
    if not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
        return scope
    body = range(node.body[0].lineno, (node.end_lineno or node.lineno) + 1)
    if isinstance(child, ast.arguments):  # defaults are computed outside, and used in the body
        return replace(scope, lines=body)
    if scope.function is not None:
        return replace(scope, lines=body)
    first = min([node.lineno, *(one.lineno for one in node.decorator_list)])
    return replace(scope, lines=body, function=scope.prefix + node.name, function_line=first)


def _header(node: ast.AST) -> range | None:
    """Return the lines of a statement, of a compound one those before its body."""
    if isinstance(node, ast.match_case):
        return range(node.pattern.lineno, max(node.pattern.lineno + 1, node.body[0].lineno))
    if not isinstance(node, ast.stmt | ast.ExceptHandler):
        return None
    body = getattr(node, "body", None) or getattr(node, "cases", None)
    if not body:
        return range(node.lineno, (node.end_lineno or node.lineno) + 1)
    first = body[0].pattern if isinstance(body[0], ast.match_case) else body[0]
    return range(node.lineno, max(node.lineno + 1, first.lineno))


def _children(node: ast.AST) -> Iterator[tuple[ast.AST, Callable[[ast.AST], None]]]:
    """Yield each child of `node` and what puts another node in its place."""
    for field, value in ast.iter_fields(node):
        if field in SKIPPED_FIELDS:
            continue
        if isinstance(value, list):
            for at, child in enumerate(value):
                if isinstance(child, ast.AST) and not (at == 0 and _is_text_of(node)):
                    yield child, partial(value.__setitem__, at)
        elif isinstance(value, ast.AST):
            yield value, partial(setattr, node, field)


def _is_text_of(node: ast.AST) -> bool:
    """Tell whether the first argument of a call is a type or wording."""
    return isinstance(node, ast.Call) and ast.unparse(node.func) in ("cast", WORDING)


def _skipped(node: ast.AST) -> bool:
    """Tell what never runs or only informs: docstrings, imports, types, log calls."""
    match node:
        case ast.Import() | ast.ImportFrom() | ast.Expr(ast.Constant()):
            return True
        case ast.If(test=ast.Name("TYPE_CHECKING")):
            return True
        case ast.Expr(ast.Call(func=ast.Attribute(value=ast.Name(name)))) if name in LOGGERS:
            return True
        case ast.Assign(targets=[ast.Name("__all__")]):
            return True
        case ast.AnnAssign(annotation=ast.Name("TypeAlias")):
            return True
        case ast.Call(func=ast.Name(name)) if name in TYPING_CALLS:
            return True
        case ast.FunctionDef(decorator_list=[ast.Name("overload")]):
            return True
    return False

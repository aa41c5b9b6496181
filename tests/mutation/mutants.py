"""Small faults, planted one at a time: in the code of the rules, and in the rows of the law.

A code mutant changes one comparison, boolean, constant or return; a row mutant moves a date by a day, a limit by one, or a verdict.
Leaves running the tests on them to `runner`.
"""

import ast
import copy
import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import NamedTuple

_Change = Callable[[ast.AST], ast.AST]
"""From a node to what takes its place."""


class Mutant(NamedTuple):
    """One fault: the file (from the root), a name that stays the same between runs, and the file's whole new text."""

    path: str
    name: str
    text: str


_COMPARE = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq,
    ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Is: ast.IsNot, ast.IsNot: ast.Is,
}  # fmt: skip


def of_code(root: Path, path: str) -> Iterator[Mutant]:
    """Every mutant of one module; text, type hints and defaults of declarations are left alone."""
    tree = ast.parse((root / path).read_text(encoding="utf-8"))
    spots = [node for node in _judging(tree) if any(True for _ in _changes(node))]
    for number, node in enumerate(spots):
        for kind, change in _changes(node):
            name = f"{path}:{node.lineno}: {kind} in `{ast.unparse(node)}`"  # type: ignore[attr-defined]  # all have a place
            changed = copy.deepcopy(tree)
            other = [found for found in _judging(changed) if any(True for _ in _changes(found))][number]
            _put(changed, other, change(other))
            text = ast.unparse(ast.fix_missing_locations(changed))
            yield Mutant(path, name, text)


def _judging(tree: ast.AST) -> Iterator[ast.AST]:
    """The nodes inside functions, without annotations, docstrings, raised messages and decorators."""
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef) and not getattr(function, "inside", False):
            for statement in function.body:
                yield from _below(statement)


def _below(node: ast.AST) -> Iterator[ast.AST]:
    if isinstance(node, ast.Raise | ast.arguments) or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)):
        return
    if isinstance(node, ast.FunctionDef):
        node.inside = True  # type: ignore[attr-defined]  # so that it is walked once
    yield node
    for name, value in ast.iter_fields(node):
        if name in {"annotation", "returns", "decorator_list", "format_spec"}:
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST):
                yield from _below(child)


def _changes(node: ast.AST) -> Iterator[tuple[str, _Change]]:
    if isinstance(node, ast.Compare) and type(node.ops[0]) in _COMPARE:
        yield "comparison", _comparison
    elif isinstance(node, ast.BoolOp):
        yield "boolean", _boolean
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not", lambda found: found.operand  # type: ignore[attr-defined]  # a UnaryOp
    elif isinstance(node, ast.Constant) and type(node.value) in {bool, int}:
        yield "constant", _constant
    elif isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        yield "return", lambda _: ast.Return(value=ast.Constant(value=None))


def _comparison(found: ast.AST) -> ast.AST:
    assert isinstance(found, ast.Compare)
    found.ops[0] = _COMPARE[type(found.ops[0])]()
    return found


def _boolean(found: ast.AST) -> ast.AST:
    assert isinstance(found, ast.BoolOp)
    found.op = ast.Or() if isinstance(found.op, ast.And) else ast.And()
    return found


def _constant(found: ast.AST) -> ast.AST:
    assert isinstance(found, ast.Constant)
    value = found.value
    return ast.Constant(value=not value) if isinstance(value, bool) else ast.Constant(value=int(value) + 1)  # type: ignore[arg-type]  # an int


def _put(tree: ast.AST, old: ast.AST, new: ast.AST) -> None:
    for parent in ast.walk(tree):
        for name, value in ast.iter_fields(parent):
            if value is old:
                setattr(parent, name, new)
            elif isinstance(value, list) and any(item is old for item in value):
                value[:] = [new if item is old else item for item in value]


_DATE = re.compile(r"^(geldig_van|geldig_tot) = (\d{4})-(\d{2})-(\d{2})", re.MULTILINE)
_LIMIT = re.compile(r"(?<== )\d+(?=[ ,}\n])")
_VERDICT = re.compile(r'^oordeel = "(\w+)"', re.MULTILINE)
_OTHER = {"fout": "waarschuwing", "waarschuwing": "fout", "quarantaine": "fout", "fataal": "waarschuwing"}


def of_rows(root: Path, path: str) -> Iterator[Mutant]:
    """Every mutant of one table: each date a day later, each limit one higher, each verdict another."""
    text = (root / path).read_text(encoding="utf-8")
    for match in _DATE.finditer(text):
        yield _row(path, text, match, f"{match[1]} = {_next_day(match)}", match[1])
    for line in re.finditer(r"^parameters = .*$", text, re.MULTILINE):
        for limit in _LIMIT.finditer(line[0]):
            begin, end = line.start() + limit.start(), line.start() + limit.end()
            changed = f"{text[:begin]}{int(limit[0]) + 1}{text[end:]}"
            yield Mutant(path, f"{path}:{text.count(chr(10), 0, begin) + 1} limit", changed)
    for match in _VERDICT.finditer(text):
        yield _row(path, text, match, f'oordeel = "{_OTHER[match[1]]}"', "verdict")


def _row(path: str, text: str, match: re.Match[str], new: str, kind: str) -> Mutant:
    line = text.count("\n", 0, match.start()) + 1
    return Mutant(path, f"{path}:{line} {kind}", text[: match.start()] + new + text[match.end() :])


def _next_day(match: re.Match[str]) -> str:
    return (date(int(match[2]), int(match[3]), int(match[4])) + timedelta(days=1)).isoformat()

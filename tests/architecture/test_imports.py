"""The import contract of `pyproject.toml` holds, and a broken one is noticed."""

from pathlib import Path

from importlinter.cli import lint_imports

from tests.architecture.tree import ROOT

BROKEN = """
[importlinter]
root_package = schemas

[importlinter:contract:1]
name = the inbox may not know the value types (it does)
type = forbidden
source_modules = schemas.inbox
forbidden_modules = schemas.types
"""


def test_import_contract_holds() -> None:
    assert lint_imports(config_filename=str(ROOT / "pyproject.toml"), no_cache=True) == 0


def test_broken_import_contract_is_noticed(tmp_path: Path) -> None:
    config = tmp_path / "broken.ini"
    config.write_text(BROKEN)
    assert lint_imports(config_filename=str(config), no_cache=True) == 1

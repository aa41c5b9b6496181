"""What partners and operators must be able to read stands written: every code, every setting; and nothing that only one machine knows."""

import tomllib
from collections.abc import Iterator

import pytest

from tests.architecture import checkers
from tests.architecture.tree import ROOT, modules, texts

RULE_FILES = "gateway/rules/regels"


def codes_in_use() -> Iterator[tuple[str, str]]:
    """(code, path) for every error code and rule code of the product."""
    for path, source in modules("gateway", "adapters", "schemas").items():
        yield from ((code, path) for code in checkers.error_codes(source))
    for file in sorted((ROOT / RULE_FILES).glob("**/*.toml")):
        yield from ((code, file.name) for code in checkers.rule_codes(tomllib.loads(file.read_text(encoding="utf-8"))))


def undocumented_codes(page: str) -> Iterator[str]:
    """Codes in use that a page does not explain."""
    known = checkers.documented_codes(page)
    yield from sorted({f"{code} ({path})" for code, path in codes_in_use() if code not in known})


def test_every_error_code_is_documented() -> None:
    assert list(undocumented_codes((ROOT / "docs/foutcodes.md").read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("code", ["JSON_ONGELDIG", "XML_DOCTYPE", "KOLOM_DUBBEL", "VOLGORDE_ONJUIST", "INGEPAKT_BESCHADIGD"])
def test_code_without_its_row_is_found(code: str) -> None:
    """Control: of the door, of a reader of files, of the flow of files."""
    page = (ROOT / "docs/foutcodes.md").read_text(encoding="utf-8")
    found = list(undocumented_codes(page.replace(f"| `{code}` |", "| |")))
    assert found
    assert {line.partition(" ")[0] for line in found} == {code}


def test_documented_codes_are_found_in_the_code() -> None:
    """Control: the search for codes finds the well-known ones, so an empty list above means something."""
    found = {code for code, _ in codes_in_use()}
    assert {"JSON_ONGELDIG", "NIET_GEVONDEN", "VELD_DUBBEL"} <= found


def test_every_setting_is_documented() -> None:
    names = set().union(*(checkers.settings(source) for source in modules("gateway").values()))
    pages = "\n".join(text for path, text in texts().items() if path == "README.md" or path.startswith("docs/"))
    assert sorted(name for name in names if f"`{name}`" not in pages) == []


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    assert {path: found for path, text in texts().items() if (found := list(checkers.addresses(text)))} == {}


def test_decisions_are_numbered_without_gaps_and_say_what_would_undo_them() -> None:
    records = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
    assert [int(path.name[:4]) for path in records] == list(range(1, len(records) + 1))
    assert [path.name for path in records if "## What would undo it" not in path.read_text(encoding="utf-8")] == []


def test_every_direct_dependency_has_a_reason() -> None:
    page = (ROOT / "docs/dependencies.md").read_text(encoding="utf-8")
    lines = [line for name in ("requirements.in", "requirements-dev.in") for line in (ROOT / name).read_text().splitlines()]
    names = {line.partition("[")[0].partition("=")[0].strip() for line in lines if line and not line.startswith(("-", "#"))}
    assert len(names) > 20
    assert sorted(name for name in names if f"`{name}`" not in page) == []

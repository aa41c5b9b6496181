"""`docs/zandbak.md` shows the tables that the sandbox works by, row for row."""

import re
from datetime import date
from typing import get_args

from gateway.sandbox.hints import tables
from gateway.sandbox.scenarios import BEHANDELINGEN
from schemas.terugkoppeling import Terugkoppelcode
from tests.architecture.tree import ROOT


def documented() -> list[tuple[str, ...]]:
    """Every row of the document that begins with a name or number of the sandbox."""
    text = (ROOT / "docs" / "zandbak.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if re.match(r"\| (Proef|PROEF-)", line)]
    return [tuple(cell.strip() for cell in row.strip("|").split("|")) for row in rows]


def test_the_document_has_the_tables() -> None:
    assert documented() == [row for table in tables(date(2026, 11, 22)) for row in table]


def test_every_code_of_feedback_can_be_seen() -> None:
    assert {row.terugkoppeling for row in BEHANDELINGEN} - {None} == set(get_args(Terugkoppelcode))

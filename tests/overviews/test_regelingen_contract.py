"""The page of the contract on arrangements says what the code does: states, reasons, terms."""

import re

from gateway.regelingen import replied, requested
from gateway.regelingen.states import PARTY, WHOLE
from schemas.regelingen import AfkoelingsperiodeAanvraag, KennisgevingAanvraag
from tests.architecture.tree import ROOT

SECTION = (ROOT / "docs/contract.md").read_text(encoding="utf-8").partition("## Arrangements\n")[2].partition("\n## ")[0]


def test_tables_of_states_are_those_of_the_code() -> None:
    rows = re.findall(r"^\| (\w+) \| `(\w+)` \| `(\w+)` \| `(\w+)` \|$", SECTION, re.MULTILINE)
    assert {(state, event): after for what, state, event, after in rows if what == "arrangement"} == WHOLE
    assert {(what, state, event): after for what, state, event, after in rows if what != "arrangement"} == PARTY


def test_table_of_reasons_is_that_of_the_code() -> None:
    rows = dict(re.findall(r"^\| `(\w+)` \| (`\w+`(?:, `\w+`)*) \|$", SECTION, re.MULTILINE))
    rows.pop("reden")  # the head of the table
    assert {reden: set(re.findall(r"`(\w+)`", codes)) for reden, codes in rows.items()} == replied.REASONS


def test_longest_periods_are_those_of_the_code() -> None:
    for months in (requested.MONTHS[KennisgevingAanvraag], requested.MONTHS[AfkoelingsperiodeAanvraag]):
        assert f"at most {months} months" in SECTION

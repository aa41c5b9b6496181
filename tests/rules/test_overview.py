"""What is shown of the rules: of a day, and between two days."""

from datetime import date

import pytest
from typer.testing import CliRunner

from gateway.commands import regels
from gateway.rules import overview
from gateway.rules.rulebook import Rulebook

BOOK = Rulebook.load(lambda row: False)
OLD, NEW = date(2025, 12, 31), date(2026, 1, 1)
RUN = CliRunner()


def test_energy_on_the_first_of_january_has_the_order_and_the_new_ground() -> None:
    old = {(r.id, r.code): r for r in overview.held(BOOK, "elektriciteit", "eindelevering", OLD)}
    new = {(r.id, r.code): r for r in overview.held(BOOK, "elektriciteit", "eindelevering", NEW)}
    assert ("VS-17", "GEEN_EERDER_SIGNAAL") in new.keys() - old.keys()
    key = ("VS-04", "GEEN_CONTACTPOGING")
    assert "Energieregeling" in new[key].artikel
    assert "Energieregeling" not in old[key].artikel


def test_changes_name_what_began_ended_and_changed() -> None:
    found = {(c.kind, c.row.id) for c in overview.changes(BOOK, "gas", "eindelevering", OLD, NEW)}
    assert {("nieuw", "VS-17"), ("gewijzigd", "VS-04"), ("nieuw", "NC-01")} <= found
    back = overview.changes(BOOK, "gemeentelijke_belastingen", "vroegsignaal", NEW, OLD.replace(year=2024))
    assert ("vervallen", "VS-03") in {(c.kind, c.row.id) for c in back}
    assert list(overview.changes(BOOK, "gas", "vroegsignaal", NEW, NEW)) == []


def test_changed_member_is_shown_before_and_after() -> None:
    (change,) = [c for c in overview.changes(BOOK, "gas", "vroegsignaal", OLD, NEW) if c.kind == "gewijzigd"]
    assert change.fields["zekerheid"] == ("S", "Vp")
    assert set(change.fields) == {"zekerheid", "artikel"}


def test_message_shows_the_limit_of_the_row() -> None:
    (row,) = [r for r in overview.held(BOOK, "huur", "vroegsignaal", NEW) if r.id == "VS-14"]
    assert overview.message(row) == "De achterstand bestaat … dag(en); de afgesproken grens is 30 dagen. Het signaal is wel bezorgd."
    assert overview.limits(row) == "minimum=30"
    (band,) = [r for r in overview.held(BOOK, "zorgverzekering", "vroegsignaal", NEW) if r.id == "VS-14"]
    assert "grens is … dagen" in overview.message(band)


def test_unknown_sector_shows_why_it_is_refused() -> None:
    assert [r.code for r in overview.held(BOOK, "kappers", "vroegsignaal", NEW)] == ["SECTOR_NIET_AANGEWEZEN"]


def test_commands_print_rows_and_differences() -> None:
    asked = ["toon", "--datum", "2026-01-01", "--sector", "elektriciteit", "--soort", "eindelevering"]
    shown = RUN.invoke(regels.regels_app, asked, env={"COLUMNS": "400"})
    assert shown.exit_code == 0
    for text in ("VS-17", "GEEN_EERDER_SIGNAAL", "waarschuwing", "Energieregeling (stcrt-2025-37730)", "minimum=3, dagen_ertussen=14"):
        assert text in shown.output
    told = RUN.invoke(regels.regels_app, ["verschil", "2025-12-31", "2026-01-01", "--sector", "gas"])
    assert "nieuw      gas            VS-17 GEEN_EERDER_SIGNAAL" in told.output
    assert "zekerheid: S -> Vp" in told.output
    assert "0 verschillen" in RUN.invoke(regels.regels_app, ["verschil", "2026-01-01", "2026-01-01"]).output


@pytest.mark.parametrize("arguments", [["--datum", "gisteren"], ["--datum", "2026-01-01", "--soort", "x"]])
def test_bad_argument_is_refused(arguments: list[str]) -> None:
    assert RUN.invoke(regels.regels_app, ["toon", "--sector", "huur", *arguments]).exit_code == 2

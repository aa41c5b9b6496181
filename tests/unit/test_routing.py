"""Routing: the whole table, border postcodes, mergers, the official file, and the step."""

import csv
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from gateway.core.chain import Routed, Stopped
from gateway.core.errors import Misconfigured
from gateway.policy.register import PurposeRegister
from gateway.routing.municipalities import DATA, Ambiguous, Area, Found, Gemeente, Municipalities, Unknown
from gateway.routing.places import fold
from gateway.routing.step import route_record
from schemas.ontvangst import Bevinding
from tests.rules import build

TABLE = Municipalities.load()
DAY = date(2026, 11, 22)
ROWS = list(csv.DictReader((DATA / "pc4_gemeente.csv").read_text().splitlines(), delimiter=";"))
BORDER = {pc4 for pc4, count in Counter(row["pc4"] for row in ROWS).items() if count > 1}


def where(pc4: str, woonplaats: str, code: str | None = None, day: date = DAY) -> Found | Ambiguous | Unknown:
    return TABLE.route(f"{pc4}AB", woonplaats, code, 12, day)


def test_every_postcode_routes_to_its_main_municipality_for_its_main_town() -> None:
    main = [row for row in ROWS if row["hoofd"] == "1"]
    shared = {pc4 for (pc4, _), count in Counter((row["pc4"], fold(row["woonplaats"])) for row in ROWS).items() if count > 1}
    elsewhere = {row["pc4"] for row in main if where(row["pc4"], row["woonplaats"]) != Found(row["gemeentecode"])}
    assert (len(main), len(BORDER), len(shared)) == (4_739, 45, 15)
    assert elsewhere == shared  # one town on both sides of the border: answered with candidates, see the next test


@pytest.mark.parametrize("pc4", sorted(BORDER))
def test_border_postcode_is_settled_or_answered_with_candidates(pc4: str) -> None:
    rows = [row for row in ROWS if row["pc4"] == pc4]
    codes = tuple(sorted(row["gemeentecode"] for row in rows))
    towns = Counter(fold(row["woonplaats"]) for row in rows)
    for row in rows:
        expected = Found(row["gemeentecode"]) if towns[fold(row["woonplaats"])] == 1 else Ambiguous(codes)
        assert where(pc4, row["woonplaats"]) == expected
        assert where(pc4, row["woonplaats"], row["gemeentecode"]) == Found(row["gemeentecode"])
        assert where(pc4, "Nergenshuizen") == Ambiguous(codes)
        assert where(pc4, "Nergenshuizen", row["gemeentecode"]) == Found(row["gemeentecode"])
        assert where(pc4, "Nergenshuizen", "0935") == Ambiguous(codes)


def test_supplied_code_counts_only_as_a_candidate() -> None:
    assert where("2011", "Haarlem", "0363") == Found("0392")


def test_postcode_and_town_that_contradict_are_not_guessed() -> None:
    assert where("2011", "Groningen") == Ambiguous(("0014", "0392"))
    assert where("2011", "Groningen", "0014") == Found("0014")
    assert where("2011", "Onbekend Oord") == Found("0392")


def test_unknown_postcode_is_unknown() -> None:
    assert where("1999", "Haarlem") == Unknown()
    assert where("1999", "Haarlem", "0392") == Unknown()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Den Haag", "'s-Gravenhage"),
        ("DEN BOSCH", "’s-Hertogenbosch"),
        ("Ljouwert", "Leeuwarden"),
        ("Súdwest", "sudwest"),
        ("Beuningen Gld", "Beuningen"),
        ("Bergen (NH)", "bergen"),
        ("Sint-Oedenrode", "St. Oedenrode"),
        ("Alphen aan den Rijn", "Alphen  aan  den  Rijn"),
    ],
)
def test_one_town_written_two_ways_is_one(one: str, other: str) -> None:
    assert fold(one) == fold(other)


def test_different_towns_stay_different() -> None:
    assert len({fold(name) for name in ("Den Ham", "Den Haag", "Bergen op Zoom", "Bergen", "Ede", "Enschede", "Hoorn", "Hoornaar")}) == 8


@pytest.mark.parametrize(
    ("code", "day", "expected"),
    [
        ("0457", date(2022, 3, 23), "0457"),  # Weesp, until it joined Amsterdam
        ("0457", date(2022, 3, 24), "0363"),
        ("0265", date(2014, 12, 31), "0265"),  # Millingen -> Groesbeek -> Berg en Dal
        ("0265", date(2015, 1, 1), "0241"),
        ("0265", date(2016, 1, 1), "1945"),
        ("0788", date(2020, 12, 31), "0788"),  # Haaren, divided over four
        ("0788", date(2021, 1, 1), None),
        ("1982", date(2021, 12, 31), None),  # Land van Cuijk did not exist yet
        ("1982", date(2022, 1, 1), "1982"),
        ("0392", DAY, "0392"),
        ("9999", DAY, None),
    ],
)
def test_code_stands_for_the_municipality_of_the_day(code: str, day: date, expected: str | None) -> None:
    assert TABLE.gemeente_op(code, day) == expected


def test_every_code_of_the_past_ends_at_a_municipality_of_today_or_was_divided() -> None:
    rows = list(csv.DictReader((DATA / "gemeenten.csv").read_text().splitlines(), delimiter=";"))
    today = {row["gemeentecode"] for row in rows if not row["bestaat_tot"]}
    divided = {row["gemeentecode"] for row in rows if TABLE.gemeente_op(row["gemeentecode"], DAY) is None}
    assert len(today) == 342
    assert divided == {"0053", "0055", "0140", "0788", "1671"}
    assert {TABLE.gemeente_op(row["gemeentecode"], DAY) for row in rows} - {None} <= today


def test_postcode_follows_a_merger_from_its_day() -> None:
    old = Gemeente("1696", "Wijdemeren", date(2002, 1, 1), date(2027, 1, 1), ("0402",))
    new = Gemeente("0402", "Hilversum", date(1970, 1, 1), None, ())
    table = Municipalities([old, new], {"1231": (Area("1696", frozenset({"loosdrecht"})),)})
    assert table.route("1231AB", "Loosdrecht", None, 1, date(2026, 12, 31)) == Found("1696")
    assert table.route("1231AB", "Loosdrecht", None, 1, date(2027, 1, 1)) == Found("0402")
    assert table.postcodes("0402", date(2026, 12, 31)) == []
    assert table.postcodes("0402", date(2027, 1, 1)) == [1231]


def test_postcodes_and_name_of_a_municipality() -> None:
    assert set(range(2011, 2016)) <= set(TABLE.postcodes("0392"))
    assert TABLE.postcodes("0003") == []
    assert (TABLE.naam("0392"), TABLE.naam("9999")) == ("Haarlem", None)


def test_table_with_an_unknown_code_refuses_to_start() -> None:
    with pytest.raises(Misconfigured, match="0402"):
        Municipalities([Gemeente("1696", "W", date(2002, 1, 1), date(2027, 1, 1), ("0402",))], {})


# --- the official file -----------------------------------------------------------------------------------------------------------

HEADER = "PC6;Huisnummer;Buurt;Wijk;Gemeente\n"
OFFICIAL = HEADER + "4062AA;1;02810101;028101;281\n4062AA;3;19600101;196001;1960\n2011AB;12;03920101;039201;392\n"


def official(folder: Path, text: str) -> Municipalities:
    table = Municipalities.load()
    path = folder / "cbs.csv"
    path.write_text(text)
    table.load_official(path)
    return table


@pytest.mark.parametrize(
    "text",
    [OFFICIAL, "\ufeff" + OFFICIAL, OFFICIAL.replace(";", ",").replace("Gemeente", "Gemeente2025"), OFFICIAL.replace("2011AB", '"2011AB"')],
)
def test_official_file_decides_by_house_number(tmp_path: Path, text: str) -> None:
    table = official(tmp_path, text)
    assert table.route("4062AA", "Zennewijnen", None, 1, DAY) == Found("0281")
    assert table.route("4062AA", "Zennewijnen", None, 3, DAY) == Found("1960")
    assert table.route("4062AA", "Zennewijnen", None, 5, DAY) == Ambiguous(("0281", "1960"))
    assert table.route("4062AA", "Zennewijnen", "1960", 5, DAY) == Found("1960")
    assert table.route("4062AA", "Zennewijnen", "1960", 1, DAY) == Found("0281")
    assert table.route("2011AB", "Groningen", None, 99, DAY) == Found("0392")
    assert table.route("2011ZZ", "Haarlem", None, 1, DAY) == Found("0392")


BAD = ("2011AB;x;1;1;392\n", "2011AB;1;1;1;9999\n", "2011;1;1;1;392\n")


@pytest.mark.parametrize("text", ["", "a;b\n", *(OFFICIAL + bad for bad in BAD)])
def test_other_file_is_refused_and_changes_nothing(tmp_path: Path, text: str) -> None:
    with pytest.raises(Misconfigured):
        official(tmp_path, text)


# --- the step --------------------------------------------------------------------------------------------------------------------

PURPOSES = PurposeRegister.load()


def step(changes: dict[str, Any] | None = None, sector: str = "huur", **who: Any) -> Routed | Stopped:
    register = build.register(build.creditor(**who))
    return route_record(build.lawful(build.wire(changes, sector)), TABLE, PURPOSES.decide, register)


def refused(result: Routed | Stopped) -> tuple[str, str, list[str] | None]:
    assert isinstance(result, Stopped)
    (finding,) = result.outcome.findings
    assert result.outcome.kenmerk == "K-2026-S000123"
    return result.outcome.status, finding.code, finding.kandidaten


def test_record_goes_to_its_municipality_along_a_purpose_row() -> None:
    routed = step()
    assert isinstance(routed, Routed)
    assert (routed.gemeente, routed.doel, routed.row) == ("0392", "WGS-3-1-b", "WGS-3-1-b/huur/2021")
    assert routed.register_version == PURPOSES.version


def test_ambiguous_address_is_answered_with_candidates() -> None:
    changes = {"adres.postcode": "4062AB", "adres.woonplaats": "Zennewijnen"}
    assert refused(step(changes)) == ("geweigerd", "POSTCODE_MEERDUIDIG", ["0281", "1960"])


def test_unknown_postcode_goes_to_quarantine() -> None:
    assert refused(step({"adres.postcode": "1999AA"})) == ("in_quarantaine", "POSTCODE_ONBEKEND", None)


def test_municipality_that_does_not_take_part_gets_nothing() -> None:
    assert refused(step({"adres.postcode": "1011AB", "adres.woonplaats": "Amsterdam"})) == ("geweigerd", "GEMEENTE_NEEMT_NIET_DEEL", None)


@pytest.mark.parametrize(
    ("changes", "sector", "who"),
    [
        ({}, "huur", {"rollen": frozenset({"schuldeiser"})}),
        ({}, "huur", {"oin": "00000099000000002000"}),
        ({"soort": "eindelevering"}, "huur", {}),
        ({}, "telecom", {}),
        ({"signaaldatum": "2020-12-31"}, "huur", {}),
    ],
)
def test_without_a_purpose_row_nothing_travels(changes: dict[str, Any], sector: str, who: dict[str, Any]) -> None:
    assert refused(step(changes, sector, **who)) == ("geweigerd", "DOEL_NIET_TOEGESTAAN", None)


def test_findings_of_the_rules_are_kept_when_routing_stops() -> None:
    warning = Bevinding(code="X", oordeel="waarschuwing", melding="x")
    lawful = build.lawful(build.wire({"adres.postcode": "1999AA"}), findings=(warning,))
    stopped = route_record(lawful, TABLE, PURPOSES.decide, build.register())
    assert isinstance(stopped, Stopped)
    assert [f.code for f in stopped.outcome.findings] == ["X", "POSTCODE_ONBEKEND"]

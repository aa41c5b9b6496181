"""Our short ids cover DDAS v1.2 value by value, and the literals and the tables are one list."""

from typing import Any, get_args

import pytest

from schemas import codelijsten as lists

CONTACT = {
    "Administratief", "Afspraak op locatie", "Brief", "Huisbezoek", "Kaartje", "Mail", "Onbekend", "Overige", "SMS/Whatsapp", "Telefoon",
}  # fmt: skip
STATUS = {
    "Nog niet opgepakt", "Opgepakt", "Inwoner al bekend bij schuldhulpverlening", "Inwoner is overleden",
    "Persoon is geen inwoner (meer) in de gemeente", "Niet opgepakt: onterecht signaal", "Niet opgepakt: herhaalde melding",
    "Niet opgepakt: andere reden",
}  # fmt: skip
RESULT = STATUS - {"Nog niet opgepakt", "Opgepakt"} | {
    "Inwoner heeft al een ander lopend traject", "Definitief geen contact kunnen krijgen", "Geen reactie na eerder contact",
    "Inwoner regelt het zelf/hoeft geen hulp vanuit vroegsignalering", "Inwoner heeft zelf al betaald/betalingsregeling getroffen",
    "(Budget)advies en/of quick fix", "Vervolghulp en/of verwijzing", "Vervolghulp en/of verwijzing financieel",
    "Vervolghulp en/of verwijzing niet financieel", "Verwijzing zonder tussenkomst inwoner",
}  # fmt: skip


@pytest.mark.parametrize(
    ("literal", "table", "values"),
    [
        (lists.Contactsoort, lists.CONTACTSOORT, CONTACT),
        (lists.Dagdeel, lists.DAGDEEL, {"Ochtend", "Middag", "Avond"}),
        (lists.Berichtstatus, lists.BERICHTSTATUS, STATUS),
        (lists.Eindresultaat, lists.EINDRESULTAAT, RESULT),
    ],
)
def test_list_is_that_of_ddas(literal: Any, table: dict[Any, str], values: set[str]) -> None:
    assert set(get_args(literal)) == set(table)
    assert len(set(table.values())) == len(table)
    assert set(table.values()) == values


def test_same_id_means_the_same_in_both_lists() -> None:
    results, statuses = dict[str, str](lists.EINDRESULTAAT), dict[str, str](lists.BERICHTSTATUS)  # type: ignore[arg-type]
    both = results.keys() & statuses.keys()
    assert len(both) == 6
    assert all(results[id] == statuses[id] for id in both)


def test_accepted_results_are_those_in_which_help_began() -> None:
    assert {lists.EINDRESULTAAT[id] for id in lists.AANGENOMEN} == {
        v for v in RESULT if v.startswith(("(Budget)advies", "Vervolghulp"))
    }  # fmt: skip

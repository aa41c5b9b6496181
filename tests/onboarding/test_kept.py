"""What a participant under way works by is not replaced without a trace: a second paper or profile needs a first day of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec import structs

from adapters.synthetic.aanmelddienst import Persoon
from gateway.core.errors import Conflict
from gateway.onboarding import registration
from gateway.partners.dossier import Stuk
from gateway.partners.mailroom import Bestandsprofiel
from gateway.store.prepare import Dsns
from tests.console.balie import INA, OLGA, Balie, begun
from tests.onboarding.world import LANDLORD, TODAY, Hall, apply, day

PAPER = Stuk(LANDLORD, "dpia", "DPIA-1", "1.0", TODAY)
PROFILE = Bestandsprofiel(LANDLORD, "huur", TODAY, "*.csv", "naam = 'huur'")
OTHERS: list[Stuk | Bestandsprofiel] = [
    structs.replace(PAPER, kenmerk="DPIA-2"), structs.replace(PAPER, versie="2.0"), structs.replace(PROFILE, inhoud="naam = 'anders'"),
    structs.replace(PROFILE, patroon="*.xml"), structs.replace(PROFILE, ingepakt=frozenset({"zip"})),
    structs.replace(PROFILE, inhoud="naam = 'anders'", geldig_tot=day(9)),
]  # fmt: skip
Kept = Stuk | Bestandsprofiel


def live(hall: Hall) -> None:
    apply(hall, LANDLORD)
    assert hall.climb(LANDLORD) == ("actief", set())
    registration.save(hall.office, PAPER, PROFILE)


def codes(hall: Hall, *rows: Kept) -> list[str]:
    """How each is taken: as nothing, or refused under a code."""
    found = []
    for row in rows:
        try:
            registration.save(hall.office, row)
            found.append("")
        except Conflict as refused:
            found.append(refused.code)
    return found


def test_another_one_with_the_same_key_is_refused(hall: Hall) -> None:
    live(hall)
    assert codes(hall, *OTHERS) == ["PAPIER_BESTAAT"] * 2 + ["PROFIEL_BESTAAT"] * 4
    assert hall.load().profiles(LANDLORD, TODAY) == [PROFILE]
    later = [structs.replace(row, geldig_van=day(1)) for row in OTHERS]
    assert codes(hall, *later[:1], *later[2:3]) == ["", ""]  # with a day of its own it stands beside it
    assert hall.load().profiles(LANDLORD, TODAY) == [PROFILE]


def test_the_same_again_and_an_end_are_taken_and_no_longer_life_is(hall: Hall) -> None:
    live(hall)
    for row, code in ((PAPER, "PAPIER_BESTAAT"), (PROFILE, "PROFIEL_BESTAAT")):
        until = [row, *(structs.replace(row, geldig_tot=day(days)) for days in (9, 5, 5, 6)), row]
        assert codes(hall, *until) == ["", "", "", "", code, code]


@pytest.mark.parametrize("status", ["aangemeld", "opgeschort"])
def test_who_is_not_under_way_may_still_mend_it(hall: Hall, status: str) -> None:
    """The way back from a suspension goes through the gates again, and the operator looks at what stands there."""
    apply(hall, LANDLORD)
    if status == "opgeschort":
        hall.climb(LANDLORD)
        registration.set_status(hall.office, LANDLORD, status)
    registration.save(hall.office, PAPER, PROFILE)
    assert codes(hall, *OTHERS) == [""] * len(OTHERS)


@pytest.fixture
def balie(dsns: Dsns, tmp_path: Path) -> Iterator[Balie]:
    made = begun(dsns, tmp_path)
    yield made
    made.close()


@pytest.mark.parametrize("who", [INA, OLGA])
def test_page_says_so_in_its_form_and_puts_the_refusal_on_record(balie: Balie, who: Persoon) -> None:
    live(balie)
    window = balie.window(who)
    paper = {"oin": LANDLORD, "soort": "dpia", "kenmerk": "DPIA-1", "versie": "1.0", "geldigVan": str(TODAY)}
    assert window.submit(f"{window.base}/papier", **paper).status_code == 303
    answer = window.submit(f"{window.base}/papier", **{**paper, "kenmerk": "DPIA-9"})
    assert (answer.status_code, "eigen eerste dag" in answer.text, 'value="DPIA-9"' in answer.text) == (409, True, True)
    assert [entry.regels for entry in balie.entries("verzoek.geweigerd")] == [("PAPIER_BESTAAT",)]

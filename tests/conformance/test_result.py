"""What a result is worth: signed by this gateway, of this partner, of now, and the newest one counts."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest

from gateway.app.house import open_office
from gateway.conformance import report
from gateway.conformance.observed import Waargenomen
from gateway.conformance.play import PROEVEN, Verslag, result
from gateway.conformance.scenario import Oordeel, Proef, goed, judge
from gateway.core.errors import Invalid
from gateway.keys.keystore import MemoryKeyStore
from gateway.onboarding import poorten, registration, toetsen
from gateway.onboarding.registration import Office
from schemas.toets import Toetsuitslag
from tests.architecture.tree import ROOT
from tests.conformance.world import CREDITOR, OTHER, Hall
from tests.gateways import CLOCK, office

SIGNALS = tuple(proef for proef in PROEVEN if proef.rol == "schuldeiser" and proef.mond == "api")


@pytest.fixture
def register(hall: Hall) -> Iterator[Office]:
    with office(hall.sandbox) as found:
        yield found


def passed(proeven: tuple[Proef, ...] = SIGNALS) -> Toetsuitslag:
    return result(CREDITOR, "api", [Oordeel(proef, goed("gezien.")) for proef in proeven], CLOCK)


def offered(register: Office, uitslag: Toetsuitslag, oin: str = CREDITOR) -> None:
    content = report.json(toetsen.sign(uitslag, register.keys))
    registration.save(register, toetsen.taken_in(content, oin, register.testkeys, CLOCK.now()))


def test_nothing_seen_passes_no_scenario() -> None:
    assert [one.proef.naam for one in judge(PROEVEN, Waargenomen()) if one.gezien.goed] == []


def test_every_scenario_has_a_name_of_its_own_and_says_what_to_mend() -> None:
    assert len({proef.naam for proef in PROEVEN}) == len(PROEVEN)
    for one in judge(PROEVEN, Waargenomen()):
        said = one.regel().toelichting or ""
        assert one.proef.herstel in said, one.proef.naam


def test_every_scenario_stands_in_the_guide_as_it_is() -> None:
    page = (ROOT / "docs/toets.md").read_text(encoding="utf-8")
    rows = {f"| `{p.naam}` | {p.soort} | {p.opdracht} | {p.verwacht} | {p.bron} |" for p in PROEVEN}
    said = {line for line in page.splitlines() if line.startswith("| `") and line.count("|") == 6}
    assert said == rows


def test_failed_result_says_so_and_is_signed_all_the_same(register: Office) -> None:
    bare = result(CREDITOR, "api", judge(SIGNALS, Waargenomen()), CLOCK)
    signed = toetsen.sign(bare, register.keys)
    row = toetsen.taken_in(report.json(signed), CREDITOR, register.testkeys, CLOCK.now())
    assert not row.geslaagd


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"deelnemer": OTHER}, "TOETSUITSLAG_VAN_ANDER"),
        ({"getoetst_op": CLOCK.now() - timedelta(days=31)}, "TOETSUITSLAG_VEROUDERD"),
        ({"suite": "0.9.0"}, "TOETSUITSLAG_VEROUDERD"),
        ({"getoetst_op": CLOCK.now() + timedelta(days=1)}, "TOETSUITSLAG_IN_TOEKOMST"),
    ],
)
def test_result_of_another_or_of_long_ago_is_not_taken(register: Office, change: dict[str, object], code: str) -> None:
    with pytest.raises(Invalid) as refused:
        offered(register, msgspec.structs.replace(passed(), **change))
    assert refused.value.code == code


def test_result_that_was_changed_or_signed_elsewhere_is_not_taken(register: Office) -> None:
    signed = toetsen.sign(passed(), register.keys)
    better = msgspec.structs.replace(signed, soorten=["stand"])
    for content, keys in ((report.json(better), register.testkeys), (report.json(signed), {"keys": []})):
        with pytest.raises(Invalid) as refused:
            toetsen.taken_in(content, CREDITOR, keys, CLOCK.now())
        assert refused.value.code == "TOETSUITSLAG_NIET_ECHT"


def test_results_count_of_this_gateway_and_of_one_whose_keys_are_registered(hall: Hall, tmp_path: Path) -> None:
    elsewhere, file = MemoryKeyStore(), tmp_path / "toetssleutels.json"
    file.write_bytes(toetsen.published(elsewhere))
    with open_office(hall.sandbox.settings.model_copy(update={"toetssleutels": file}), CLOCK) as register:
        for keys in (register.keys, elsewhere):
            content = report.json(toetsen.sign(passed(), keys))
            assert toetsen.taken_in(content, CREDITOR, register.testkeys, CLOCK.now()).geslaagd
        with pytest.raises(Invalid, match="TOETSUITSLAG_NIET_ECHT"):
            toetsen.taken_in(report.json(toetsen.sign(passed(), MemoryKeyStore())), CREDITOR, register.testkeys, CLOCK.now())


def test_passed_result_offered_again_does_not_undo_a_later_failure(register: Office) -> None:
    before = passed()
    offered(register, before)
    assert open_kinds(register) == set()
    offered(register, result(CREDITOR, "api", judge(SIGNALS, Waargenomen()), CLOCK))
    assert open_kinds(register) == {"signaal"}
    offered(register, before)
    assert open_kinds(register) == {"signaal"}
    offered(register, passed())
    assert open_kinds(register) == set()


def open_kinds(register: Office) -> set[str]:
    """Of a partner that uses the API for signals: what still has to pass."""
    dossier = msgspec.structs.replace(registration.judged(register, CREDITOR), gebruik=frozenset({"api/signaal"}))
    return {"signaal" for gap in poorten.missing(dossier, "getoetst") if gap.poort is poorten.Poort.TOETS and "mond api" in gap.ontbreekt}


def test_reports_say_the_same_and_hold_no_markup_of_ours() -> None:
    oordelen = tuple(judge(SIGNALS, Waargenomen()))
    verslag = Verslag(oordelen, result(CREDITOR, "api", oordelen, CLOCK), Waargenomen())
    for form in (report.text, report.markdown, report.html):
        page = form(verslag)
        assert all(proef.naam in page for proef in SIGNALS)
    assert "<script" not in report.html(verslag)

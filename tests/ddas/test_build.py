"""The exchange model follows from messages, cases and residue; amounts, statuses and ids are what the standard says."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
import pytest

from gateway.core import ids
from schemas.codelijsten import BERICHTSTATUS, EINDRESULTAAT
from schemas.ddas import Residu, euros
from schemas.ddas_build import Bron, pseudonym, units
from schemas.keyed import Keyed
from schemas.zaken import Zaak, ZaakBericht

KEY = Keyed(b"k" * 32)
DAY = date(2026, 7, 6)


def source(**changes: Any) -> Bron:
    residu = Residu(postcode="2011AB", huisnummer=12, toevoeging="A2", geboortedatum=None, ontstaansdatum=date(2026, 5, 1))
    made = Bron(
        id=ids.new(), sector="gas", signaaldatum=DAY, bedrag_cent=45050, crisis=True, warme_overdracht=False, staat="bezorgd",
        reden=None, residu=residu,
    )  # fmt: skip
    return msgspec.structs.replace(made, **changes)


def case(*members: tuple[UUID, str], resultaat: Any = None) -> tuple[Zaak, date]:
    zaak = Zaak(
        id=ids.new(),
        zaaknummer="Z-1",
        staat="open" if resultaat is None else "afgesloten",
        geopend_op=datetime(2026, 7, 8, tzinfo=UTC),
        berichten=[ZaakBericht(bericht=id, status=status) for id, status in members],  # type: ignore[arg-type]
        contactpogingen=[],
        resultaat=resultaat,
    )
    return zaak, date(2026, 7, 8)


@pytest.mark.parametrize(("cents", "whole"), [(1, 0), (49, 0), (50, 1), (45012, 450), (45049, 450), (45050, 451), (99_999_999, 1_000_000)])
def test_cents_become_whole_euros_with_halves_up(cents: int, whole: int) -> None:
    assert euros(cents) == whole


def test_signal_without_case_stands_alone() -> None:
    one = source()
    (unit,) = units([one], [], KEY)
    (signal,) = unit.signalen
    assert unit.zaak is None
    assert (signal.status, signal.bedrag, signal.signaalpartner.type) == ("Nog niet opgepakt", 451, "Energie")
    assert signal.crisissignaal
    assert signal.id == pseudonym(one.id, KEY) != pseudonym(one.id, Keyed(b"o" * 32))
    assert one.id.hex not in signal.id


@pytest.mark.parametrize(
    ("staat", "reden", "status"),
    [
        ("doorgezonden", "geen_inwoner", "geen_inwoner"),
        ("afgewezen", "geen_inwoner", "geen_inwoner"),
        ("afgewezen", "onterecht_signaal", "onterecht_signaal"),
        ("afgewezen", "herhaalde_melding", "herhaalde_melding"),
        ("afgewezen", "onleesbaar", "andere_reden"),
        ("verlopen", None, "niet_opgepakt"),
    ],
)
def test_end_in_the_inbox_gives_the_status(staat: Any, reden: str | None, status: Any) -> None:
    (unit,) = units([source(staat=staat, reden=reden)], [], KEY)
    assert unit.signalen[0].status == BERICHTSTATUS[status]


def test_case_takes_its_signals_along() -> None:
    first, second = source(), source()
    (unit,) = units([first, second], [case((first.id, "opgepakt"), (second.id, "opgepakt"), resultaat="vervolghulp")], KEY)
    assert unit.zaak is not None
    assert [s.status for s in unit.signalen] == ["Opgepakt", "Opgepakt"]
    assert {v.id for v in unit.zaak.vroegsignalen} == {s.id for s in unit.signalen}
    assert unit.zaak.resultaat == EINDRESULTAAT["vervolghulp"]


def test_signal_that_was_not_taken_up_leaves_the_case() -> None:
    first, second = source(), source()
    found = units([first, second], [case((first.id, "opgepakt"), (second.id, "geen_inwoner"))], KEY)
    assert [len(unit.signalen) for unit in found] == [1, 1]
    assert found[0].zaak is not None
    assert found[0].zaak.resultaat is None
    assert found[1].signalen[0].status == BERICHTSTATUS["geen_inwoner"]


def test_case_that_was_not_taken_up_gives_its_signals_that_status() -> None:
    one = source()
    (unit,) = units([one], [case((one.id, "opgepakt"), resultaat="herhaalde_melding")], KEY)
    assert unit.signalen[0].status == BERICHTSTATUS["herhaalde_melding"]


def test_addition_that_does_not_fit_is_left_out() -> None:
    residu = msgspec.structs.replace(source().residu, toevoeging="2 hoog achter")
    (unit,) = units([source(residu=residu)], [], KEY)
    assert unit.signalen[0].client.huisnummertoevoeging is None

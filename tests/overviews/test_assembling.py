"""The overview from opened answers: sums to the cent, per creditor and kind, what is missing; pure and the same in any order."""

from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from schemas import overzichtspagina
from schemas.assembling import assemble, claim_id
from schemas.overzicht import Overzicht, Totaal
from schemas.schuldenoverzicht import (
    GeenMedewerking,
    Incasso,
    Overdracht,
    Overzichtsvraag,
    Saldoantwoord,
    Saldostaat,
    Schuldenoverzicht,
    Schuldsoort,
    Schuldvordering,
    Vorderingen,
)

ID = UUID("019aa2b4-7c1e-7b52-9d3f-0c5e8a6b1f20")
AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
DAY = date(2026, 11, 23)
CENTS = st.integers(0, 9_999_999_999)
LETTERS = st.text("abcXYZ019-", min_size=1, max_size=12)
DAYS = st.dates(date(2020, 1, 1), DAY)
COLLECTOR = Incasso(naam="Incasso", soort="incassobureau", dossiernummer="D-1")
NAMES = ("hoofdsom_cent", "rente_cent", "kosten_cent", "betaald_cent", "saldo_cent")


def vraag(nr: int, staat: Saldostaat = "beantwoord") -> Overzichtsvraag:
    return Overzichtsvraag(
        id=UUID(int=ID.int + nr + 1), schuldeiser=f"0000009900000000{nr}000", staat=staat, gesteld_op=AT
    )


def overzicht(*vragen: Overzichtsvraag) -> Schuldenoverzicht:
    return Schuldenoverzicht(
        id=ID,
        kenmerk="SO-1",
        zaaknummer="ZAAK-1",
        grond="aanvraag",
        uiterlijk=DAY,
        staat="deels",
        aangemaakt_op=AT,
        vragen=list(vragen),
    )


@st.composite
def claims(draw: st.DrawFn) -> Schuldvordering:
    soort: Schuldsoort = draw(st.sampled_from(["openstaand", "uit_handen_gegeven", "overgedragen", "onbekend"]))
    kenmerk, found = draw(LETTERS), dict[str, Any]()
    if soort in ("openstaand", "uit_handen_gegeven"):
        owed = [draw(CENTS) for _ in range(3)]
        paid = draw(st.integers(0, min(sum(owed), 9_999_999_999)))
        found = dict(zip(NAMES, (*owed, paid, sum(owed) - paid), strict=True))
    return Schuldvordering(
        soort=soort,
        kenmerk=kenmerk,
        uit_handen_gegeven_aan=COLLECTOR if soort == "uit_handen_gegeven" else None,
        overgedragen_aan=Overdracht(naam="Koper") if soort == "overgedragen" else None,
        **found,
    )


@st.composite
def answers(draw: st.DrawFn) -> tuple[Saldostaat, Saldoantwoord | None]:
    staat: Saldostaat = draw(
        st.sampled_from(["open", "beantwoord", "beantwoord", "beantwoord", "klant_onbekend", "geen_medewerking", "verlopen", "ingetrokken"])
    )
    if staat == "beantwoord":
        return staat, Vorderingen(peildatum=draw(DAYS), vorderingen=draw(st.lists(claims(), min_size=1, max_size=6)))
    return staat, GeenMedewerking(reden="finale_kwijting") if staat == "geen_medewerking" else None


CASES = st.lists(answers(), min_size=1, max_size=8)
Case = list[tuple[Saldostaat, Saldoantwoord | None]]


def made(case: Case, order: list[int] | None = None) -> tuple[Overzicht, dict[UUID, Saldoantwoord]]:
    vragen = [vraag(nr, staat) for nr, (staat, _) in enumerate(case)]
    given_answers = {vragen[nr].id: answer for nr, (_, answer) in enumerate(case) if answer is not None}
    shuffled = [vragen[nr] for nr in order or range(len(vragen))]
    return assemble(overzicht(*shuffled), {q.id: given_answers[q.id] for q in shuffled if q.id in given_answers}), given_answers


def amounts(totaal: Totaal | None) -> tuple[int, ...]:
    return tuple(getattr(totaal, name) for name in NAMES) if totaal else (0,) * 5


def independent(found: list[Schuldvordering]) -> tuple[int, ...]:
    columns = [0] * 5
    for one in msgspec.to_builtins(found):
        for nr, name in enumerate(("hoofdsomCent", "renteCent", "kostenCent", "betaaldCent", "saldoCent")):
            columns[nr] += one.get(name, 0)
    return tuple(columns)


@given(CASES)
def test_totals_equal_an_independent_sum(case: Case) -> None:
    whole, given_answers = made(case)
    alle = [one for answer in given_answers.values() if isinstance(answer, Vorderingen) for one in answer.vorderingen]
    assert amounts(whole.totaal) == independent(alle)
    for deel in whole.schuldeisers:
        own = given_answers.get(deel.vraag)
        assert amounts(deel.totaal) == independent(own.vorderingen if isinstance(own, Vorderingen) else [])
    for soort in whole.soorten:
        assert amounts(soort.totaal) == independent([one for one in alle if one.soort == soort.soort])
    assert sum(soort.vorderingen for soort in whole.soorten) == len(alle)
    for totaal in filter(None, [whole.totaal, *(d.totaal for d in whole.schuldeisers), *(s.totaal for s in whole.soorten)]):
        assert totaal.bijkomend_cent == totaal.rente_cent + totaal.kosten_cent
        assert totaal.hoofdsom_cent + totaal.bijkomend_cent - totaal.betaald_cent == totaal.saldo_cent


@given(st.data(), CASES)
def test_order_of_the_questions_does_not_matter(data: st.DataObject, case: Case) -> None:
    order = data.draw(st.permutations(range(len(case))))
    assert msgspec.json.encode(made(case)[0]) == msgspec.json.encode(made(case, list(order))[0])


@given(CASES)
def test_nothing_of_one_creditor_stands_in_the_part_of_another(case: Case) -> None:
    whole, given_answers = made(case)
    for deel in whole.schuldeisers:
        own = {id: answer for id, answer in given_answers.items() if id == deel.vraag}
        alone = assemble(overzicht(vraag(deel.vraag.int - ID.int - 1, deel.staat)), own)
        assert alone.schuldeisers == [deel]
        assert alone.ontbreekt == [gap for gap in whole.ontbreekt if gap.vraag == deel.vraag]


@given(CASES)
def test_every_id_is_its_own_and_stays(case: Case) -> None:
    whole, again = made(case)[0], made(case)[0]
    ids = [one.id for deel in whole.schuldeisers for one in deel.vorderingen] + [gap.id for gap in whole.ontbreekt]
    ids += [t.id for t in (whole.totaal, *(d.totaal for d in whole.schuldeisers), *(s.totaal for s in whole.soorten)) if t]
    assert len(set(ids)) == len(ids)
    assert again == whole


@given(CASES)
def test_what_is_not_there_is_said_with_its_reason(case: Case) -> None:
    whole, _ = made(case)
    for deel in whole.schuldeisers:
        gaps = {gap.reden for gap in whole.ontbreekt if gap.vraag == deel.vraag}
        assert (deel.vorderingen == []) == (deel.staat != "beantwoord")
        if deel.staat != "beantwoord":
            assert gaps == {deel.staat}
        else:
            assert gaps == {one.soort for one in deel.vorderingen} - {"openstaand"}


def test_a_sum_that_drops_a_claim_is_noticed() -> None:
    """The control: the independent sum differs when one claim is left out."""
    one = Schuldvordering(
        soort="openstaand", kenmerk="F-1", hoofdsom_cent=100, rente_cent=20, kosten_cent=3, betaald_cent=23, saldo_cent=100
    )
    two = msgspec.structs.replace(one, kenmerk="F-2", hoofdsom_cent=1, rente_cent=0, kosten_cent=0, betaald_cent=0, saldo_cent=1)
    whole, _ = made([("beantwoord", Vorderingen(peildatum=DAY, vorderingen=[one, two]))])
    assert amounts(whole.totaal) == (101, 20, 3, 23, 101)
    assert amounts(whole.totaal) != independent([one])


def test_each_kind_of_gap_names_where_to_ask_on() -> None:
    amount: dict[str, Any] = dict.fromkeys(NAMES, 0) | {"hoofdsom_cent": 50, "saldo_cent": 50}
    incasso = Incasso(naam="Bureau Voorbeeld", soort="gerechtsdeurwaarder", dossiernummer="D-7", oin=None)
    given_answer = Vorderingen(
        peildatum=DAY,
        vorderingen=[
            Schuldvordering(soort="uit_handen_gegeven", kenmerk="F-1", uit_handen_gegeven_aan=incasso, **amount),
            Schuldvordering(soort="overgedragen", kenmerk="F-2", overgedragen_aan=Overdracht(naam="Koper B.V.")),
            Schuldvordering(soort="onbekend", kenmerk="F-3"),
        ],
    )
    refused = GeenMedewerking(reden="recent_gestabiliseerd")
    whole, _ = made([("beantwoord", given_answer), ("geen_medewerking", refused), ("beantwoord", None)])
    gaps = [(g.reden, g.kenmerk, g.navraag.naam if g.navraag else None, g.weigergrond) for g in whole.ontbreekt]
    assert gaps == [
        ("uit_handen_gegeven", "F-1", "Bureau Voorbeeld", None),
        ("overgedragen", "F-2", "Koper B.V.", None),
        ("onbekend", "F-3", None, None),
        ("geen_medewerking", None, None, "recent_gestabiliseerd"),
        ("vernietigd", None, None, None),
    ]
    navraag = whole.ontbreekt[0].navraag
    assert navraag is not None
    assert (navraag.soort, navraag.dossiernummer) == ("gerechtsdeurwaarder", "D-7")
    assert [s.soort for s in whole.soorten] == ["uit_handen_gegeven", "overgedragen", "onbekend"]
    assert [amounts(s.totaal) for s in whole.soorten] == [(50, 0, 0, 0, 50), (0,) * 5, (0,) * 5]
    assert whole.schuldeisers[0].vorderingen[1].id == claim_id(whole.schuldeisers[0].vraag, 1, "F-2")


def test_amounts_carry_the_day_that_they_are_of() -> None:
    nothing: dict[str, Any] = dict.fromkeys(NAMES, 0)
    one = Schuldvordering(soort="openstaand", kenmerk="F-1", **nothing)
    first, last = date(2026, 10, 1), date(2026, 11, 20)
    whole, _ = made([("beantwoord", Vorderingen(peildatum=day, vorderingen=[one])) for day in (last, first)])
    assert whole.totaal is not None
    assert (whole.totaal.oudste_peildatum, whole.totaal.jongste_peildatum) == (first, last)
    assert [deel.vorderingen[0].peildatum for deel in whole.schuldeisers] == [last, first]


def test_answer_to_another_overviews_question_is_left_out() -> None:
    stranger = Vorderingen(peildatum=DAY, vorderingen=[Schuldvordering(soort="onbekend", kenmerk="F-1")])
    whole = assemble(overzicht(vraag(0, "open")), {UUID(int=5): stranger})
    assert whole.soorten == []
    assert [gap.reden for gap in whole.ontbreekt] == ["open"]


@given(CASES)
def test_page_is_made_of_any_overview_and_runs_nothing(case: Case) -> None:
    text = overzichtspagina.page(made(case)[0], {}, DAY)
    assert "<script" not in text
    assert text.count("<table>") == text.count("<caption>") == text.count("</table>")

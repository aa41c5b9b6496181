"""From opened answers to the overview: pure, the same at the gateway (managed key) and at the municipality (own key).

Each part comes from one question and its own answer and nothing else; sums are made here and kept nowhere. The order in which questions
are given does not matter. Authority: `docs/contract.md`, "The overview, assembled" (SO-06, SO-09, SO-12). Leaves opening and the
log to the caller, and whether an answer was right to the gateway that took it in.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, get_args
from uuid import UUID, uuid5

import msgspec

from schemas.overzicht import Navraag, Ontbreekreden, Ontbrekend, Overzicht, Overzichtsvordering, Schuldeiserdeel, Soortdeel, Totaal
from schemas.schuldenoverzicht import (
    GeenMedewerking,
    Overzichtsvraag,
    Saldoantwoord,
    Saldostaat,
    Schuldenoverzicht,
    Schuldsoort,
    Schuldvordering,
    Vorderingen,
)

_WITHOUT: Final[dict[Saldostaat, Ontbreekreden]] = {
    "open": "open",
    "verlopen": "verlopen",
    "ingetrokken": "ingetrokken",
    "klant_onbekend": "klant_onbekend",
    "geen_medewerking": "geen_medewerking",
    "beantwoord": "vernietigd",
}
"""Why a question has no claims; what was answered and is there no longer went with a withdrawal or at the end of its term."""
_ELSEWHERE: Final[dict[Schuldsoort, Ontbreekreden]] = {
    "uit_handen_gegeven": "uit_handen_gegeven",
    "overgedragen": "overgedragen",
    "onbekend": "onbekend",
}


def assemble(overzicht: Schuldenoverzicht, antwoorden: Mapping[UUID, Saldoantwoord]) -> Overzicht:
    """The overview of these answers, by id of their question. What is not a question of this overview is left out."""
    vragen = sorted(overzicht.vragen, key=lambda vraag: (vraag.schuldeiser, vraag.id))
    delen = [_part(vraag, antwoorden.get(vraag.id)) for vraag in vragen]
    alle = [vordering for deel in delen for vordering in deel.vorderingen]
    return Overzicht(
        id=overzicht.id,
        kenmerk=overzicht.kenmerk,
        zaaknummer=overzicht.zaaknummer,
        grond=overzicht.grond,
        staat=overzicht.staat,
        uiterlijk=overzicht.uiterlijk,
        schuldeisers=delen,
        soorten=list(_kinds(overzicht.id, alle)),
        ontbreekt=[gap for deel in delen for gap in _gaps(deel, antwoorden.get(deel.vraag))],
        totaal=_sums(overzicht.id, "totaal", alle),
        ingetrokken_op=overzicht.ingetrokken_op,
    )


def claim_id(vraag: UUID, nr: int, kenmerk: str) -> UUID:
    """The id of a claim: its question, its place in the answer (from 0), its number."""
    return uuid5(vraag, f"{nr}/{kenmerk}")


def _part(vraag: Overzichtsvraag, antwoord: Saldoantwoord | None) -> Schuldeiserdeel:
    bare = Schuldeiserdeel(
        vraag=vraag.id,
        schuldeiser=vraag.schuldeiser,
        staat=vraag.staat,
        gesteld_op=vraag.gesteld_op,
        beantwoord_op=vraag.beantwoord_op,
        vorderingen=[],
    )
    if not isinstance(antwoord, Vorderingen):
        return bare
    vorderingen = [_claim(vraag.id, nr, given, antwoord) for nr, given in enumerate(antwoord.vorderingen)]
    return msgspec.structs.replace(
        bare,
        vorderingen=vorderingen,
        peildatum=antwoord.peildatum,
        klantnummer=antwoord.klantnummer,
        contact=antwoord.contact,
        standaard_akkoord=antwoord.standaard_akkoord,
        totaal=_sums(vraag.id, "totaal", vorderingen),
    )


def _claim(vraag: UUID, nr: int, given: Schuldvordering, antwoord: Vorderingen) -> Overzichtsvordering:
    extra = None if given.saldo_cent is None else (given.rente_cent or 0) + (given.kosten_cent or 0)
    return Overzichtsvordering(
        **msgspec.structs.asdict(given), id=claim_id(vraag, nr, given.kenmerk), peildatum=antwoord.peildatum, bijkomend_cent=extra
    )


def _kinds(overzicht: UUID, alle: Sequence[Overzichtsvordering]) -> Iterator[Soortdeel]:
    for soort in get_args(Schuldsoort):
        if found := [vordering for vordering in alle if vordering.soort == soort]:
            yield Soortdeel(soort=soort, vorderingen=len(found), totaal=_sums(overzicht, f"soort/{soort}", found))


def _sums(of: UUID, name: str, vorderingen: Sequence[Overzichtsvordering]) -> Totaal | None:
    counted = [vordering for vordering in vorderingen if vordering.saldo_cent is not None]
    if not counted:
        return None
    rente, kosten = (sum(getattr(one, name) or 0 for one in counted) for name in ("rente_cent", "kosten_cent"))
    days = [one.peildatum for one in counted]
    return Totaal(
        id=uuid5(of, name),
        vorderingen=len(counted),
        hoofdsom_cent=sum(one.hoofdsom_cent or 0 for one in counted),
        rente_cent=rente,
        kosten_cent=kosten,
        bijkomend_cent=rente + kosten,
        betaald_cent=sum(one.betaald_cent or 0 for one in counted),
        saldo_cent=sum(one.saldo_cent or 0 for one in counted),
        oudste_peildatum=min(days),
        jongste_peildatum=max(days),
    )


def _gaps(deel: Schuldeiserdeel, antwoord: Saldoantwoord | None) -> Iterator[Ontbrekend]:
    if not deel.vorderingen:
        ground = antwoord.reden if isinstance(antwoord, GeenMedewerking) else None
        reden = _WITHOUT[deel.staat]
        yield Ontbrekend(
            id=uuid5(deel.vraag, "ontbreekt"), vraag=deel.vraag, schuldeiser=deel.schuldeiser, reden=reden, weigergrond=ground
        )
    for one in deel.vorderingen:
        if one.soort in _ELSEWHERE:
            yield Ontbrekend(
                id=uuid5(one.id, "ontbreekt"),
                vraag=deel.vraag,
                schuldeiser=deel.schuldeiser,
                reden=_ELSEWHERE[one.soort],
                kenmerk=one.kenmerk,
                navraag=_where(one),
            )


def _where(one: Overzichtsvordering) -> Navraag | None:
    if incasso := one.uit_handen_gegeven_aan:
        return Navraag(naam=incasso.naam, soort=incasso.soort, dossiernummer=incasso.dossiernummer, oin=incasso.oin)
    if holder := one.overgedragen_aan:
        return Navraag(naam=holder.naam, soort="nieuwe_schuldeiser", oin=holder.oin)
    return None

"""The overview as a page that a counsellor can print: plain Dutch, first the whole, then each creditor by itself.

Authority: `docs/contract.md`, "The overview, assembled". The page names nobody but organisations: whose overview it is, says the case
number. Leaves sums to `schemas.assembling` and form to `schemas.paper`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from schemas import paper
from schemas.overzicht import Navraag, Ontbreekreden, Ontbrekend, Overzicht, Overzichtsvordering, Schuldeiserdeel, Totaal
from schemas.paper import at, euro, on, short
from schemas.schuldenoverzicht import Overzichtstaat, Schuldsoort, Weigergrond

_STATES: Final[dict[Overzichtstaat, str]] = {
    "open": "Nog geen schuldeiser heeft geantwoord.",
    "deels": "Nog niet alle schuldeisers hebben geantwoord.",
    "volledig": "Alle schuldeisers hebben geantwoord.",
    "verlopen": "De termijn is voorbij. Niet alle schuldeisers hebben geantwoord.",
    "ingetrokken": "De gemeente heeft de vraag ingetrokken.",
}
KINDS: Final[dict[Schuldsoort, str]] = {
    "openstaand": "Staat open bij de schuldeiser",
    "uit_handen_gegeven": "Uit handen gegeven: een ander int de schuld",
    "overgedragen": "Overgedragen: er is een nieuwe schuldeiser",
    "onbekend": "De schuldeiser kent deze schuld niet",
}
GAPS: Final[dict[Ontbreekreden, str]] = {
    "open": "Nog geen antwoord",
    "verlopen": "Geen antwoord op tijd; bel deze schuldeiser",
    "ingetrokken": "De vraag is ingetrokken",
    "klant_onbekend": "De schuldeiser kent deze klant niet",
    "geen_medewerking": "De schuldeiser werkt niet mee",
    "vernietigd": "Het antwoord is vernietigd",
    "overgedragen": "Overgedragen; het bedrag is hier niet bekend",
    "uit_handen_gegeven": "Uit handen gegeven; het bedrag kan daar anders zijn",
    "onbekend": "De schuldeiser kent deze schuld niet",
}
_GROUNDS: Final[dict[Weigergrond, str]] = {
    "finale_kwijting": "er is al finale kwijting; de rest hoeft niet meer",
    "recent_gestabiliseerd": "er is kort geleden al een regeling gemaakt",
    "geen_samenwerking": "de schuldeiser werkt niet samen met de gemeente",
}
_TITLES: Final = {
    "vonnis": "vonnis", "dwangbevel": "dwangbevel", "notariele_akte": "notariële akte", "beschikking": "beschikking",
    "anders": "ander recht om te innen",
}  # fmt: skip
_SEIZED: Final = {
    "loon_of_uitkering": "loon of uitkering", "bankrekening": "bankrekening", "toeslag": "toeslag", "roerende_zaken": "spullen",
    "onroerende_zaak": "huis of grond", "anders": "iets anders",
}  # fmt: skip
_SORTS = {"incassobureau": "incassobureau", "gerechtsdeurwaarder": "gerechtsdeurwaarder", "nieuwe_schuldeiser": "nieuwe schuldeiser"}
_MONEY = ("Oorspronkelijke schuld", "Rente", "Kosten", "Betaald", "Nog te betalen")
_UNKNOWN = "Bedrag niet bekend"


def page(overzicht: Overzicht, namen: Mapping[str, str], day: date) -> str:
    """The document, made on a day. `namen`: what the creditors are called, by OIN; who is not in it is shown by its OIN."""
    per_creditor = ["Schuldeiser", "Stand op", *_MONEY]
    missing = ["Schuldeiser", "Waarom", "Kenmerk", "Hier kunt u verder vragen"]
    return paper.document(
        f"Schuldenoverzicht bij zaak {overzicht.zaaknummer}",
        *_summary(overzicht, day),
        paper.table("Per schuldeiser", per_creditor, _creditors(overzicht, namen), foot=_foot(overzicht), numbers=6),
        paper.table("Wat ontbreekt, en waarom", missing, _gaps(overzicht, namen)),
        paper.together(paper.table("Per soort schuld", ["Soort", "Aantal", *_MONEY], _kinds(overzicht), numbers=6)),
        *_parts(overzicht, namen),
    )


def _summary(overzicht: Overzicht, day: date) -> Iterator[str]:
    asked = min(deel.gesteld_op for deel in overzicht.schuldeisers)
    yield paper.paragraph(f"Kenmerk: {overzicht.kenmerk}. Gevraagd op {at(asked)}. Deze pagina is gemaakt op {on(day)}.")
    yield paper.paragraph(" ".join(_standing(overzicht)))
    if found := overzicht.totaal:
        yield paper.table("In het kort", ["Onderdeel", "Bedrag"], _short(found), foot=("Nog te betalen", euro(found.saldo_cent)), numbers=1)
        yield paper.paragraph(f"De bedragen zijn van {_days(found)}. Daarna kan er iets zijn veranderd.")
    else:
        yield paper.paragraph("Er zijn geen bedragen bekend.")
    if overzicht.ontbreekt:
        yield paper.paragraph("Let op: niet alles zit in deze bedragen. Hieronder staat wat ontbreekt en waarom.")


def _standing(overzicht: Overzicht) -> Iterator[str]:
    yield _STATES[overzicht.staat]
    if overzicht.staat in ("open", "deels"):
        yield f"Schuldeisers kunnen antwoorden tot en met {on(overzicht.uiterlijk)}."
    if overzicht.ingetrokken_op and overzicht.staat != "ingetrokken":
        yield "De gemeente heeft de vraag daarna ingetrokken. De antwoorden zijn vernietigd."


def _short(found: Totaal) -> Iterator[Sequence[str]]:
    yield "Oorspronkelijke schuld", euro(found.hoofdsom_cent)
    yield "Daar kwam bij aan rente en kosten", euro(found.bijkomend_cent)
    yield "Daarvan is betaald", euro(found.betaald_cent)


def _creditors(overzicht: Overzicht, namen: Mapping[str, str]) -> Iterator[Sequence[str]]:
    whole = {gap.vraag: gap for gap in overzicht.ontbreekt if gap.kenmerk is None}
    for deel in overzicht.schuldeisers:
        name = _name(deel.schuldeiser, namen)
        if deel.peildatum:
            yield name, short(deel.peildatum), *_money(deel.totaal)
        else:
            yield name, _why(whole[deel.vraag])


def _kinds(overzicht: Overzicht) -> Iterator[Sequence[str]]:
    return ((KINDS[deel.soort], str(deel.vorderingen), *_money(deel.totaal)) for deel in overzicht.soorten)


def _foot(overzicht: Overzicht) -> Sequence[str]:
    return ("Totaal", "", *_money(overzicht.totaal)) if overzicht.totaal else ()


def _gaps(overzicht: Overzicht, namen: Mapping[str, str]) -> Iterator[Sequence[str]]:
    for gap in overzicht.ontbreekt:
        yield (_name(gap.schuldeiser, namen), _why(gap), gap.kenmerk or "", _where(gap.navraag) if gap.navraag else "")


def _parts(overzicht: Overzicht, namen: Mapping[str, str]) -> Iterator[str]:
    for deel in (deel for deel in overzicht.schuldeisers if deel.vorderingen):
        name = _name(deel.schuldeiser, namen)
        rows = ((one.kenmerk, "; ".join(_about(one)), *_claimed(one)) for one in deel.vorderingen)
        yield paper.together(
            paper.heading(name),
            paper.paragraph(" ".join(_notes(deel))),
            paper.table(f"Schulden bij {name}", ["Kenmerk", "Bijzonderheden", *_MONEY], rows, foot=_last(deel), numbers=5),
        )


def _notes(deel: Schuldeiserdeel) -> Iterator[str]:
    if deel.peildatum:
        yield f"De bedragen zijn van {on(deel.peildatum)}."
    if deel.klantnummer:
        yield f"Klantnummer: {deel.klantnummer}."
    if deel.contact:
        found = (deel.contact.naam, deel.contact.telefoonnummer, deel.contact.emailadres)
        yield f"Contact: {', '.join(part for part in found if part)}."
    if deel.standaard_akkoord:
        yield "Deze schuldeiser gaat vooraf akkoord met een regeling volgens zijn algemene afspraak."


def _about(one: Overzichtsvordering) -> Iterator[str]:
    yield KINDS[one.soort]
    if one.uit_handen_gegeven_aan:
        yield f"bij {one.uit_handen_gegeven_aan.naam}, dossier {one.uit_handen_gegeven_aan.dossiernummer}"
    if one.overgedragen_aan:
        yield f"aan {one.overgedragen_aan.naam}"
    if one.ontstaansdatum:
        yield f"ontstaan op {on(one.ontstaansdatum)}"
    if one.titel:
        yield f"{_TITLES[one.titel.soort]} van {on(one.titel.datum)}"
    if one.beslag:
        yield f"beslag op {_SEIZED[one.beslag.soort]} sinds {on(one.beslag.sinds)}"
    if one.preferent:
        yield "gaat voor op andere schulden"


def _why(gap: Ontbrekend) -> str:
    return f"{GAPS[gap.reden]}: {_GROUNDS[gap.weigergrond]}" if gap.weigergrond else GAPS[gap.reden]


def _where(found: Navraag) -> str:
    return f"{found.naam} ({_SORTS[found.soort]})" + (f", dossier {found.dossiernummer}" if found.dossiernummer else "")


def _money(found: Totaal | None) -> Sequence[str]:
    if found is None:
        return (_UNKNOWN,)
    return tuple(map(euro, (found.hoofdsom_cent, found.rente_cent, found.kosten_cent, found.betaald_cent, found.saldo_cent)))


def _claimed(one: Overzichtsvordering) -> Sequence[str]:
    if one.saldo_cent is None:
        return (_UNKNOWN,)
    return tuple(map(euro, (one.hoofdsom_cent, one.rente_cent, one.kosten_cent, one.betaald_cent, one.saldo_cent)))


def _last(deel: Schuldeiserdeel) -> Sequence[str]:
    return ("Totaal", "", *_money(deel.totaal)) if deel.totaal else ()


def _days(found: Totaal) -> str:
    if found.oudste_peildatum == found.jongste_peildatum:
        return on(found.oudste_peildatum)
    return f"{on(found.oudste_peildatum)} tot en met {on(found.jongste_peildatum)}"


def _name(oin: str, namen: Mapping[str, str]) -> str:
    return namen.get(oin, oin)

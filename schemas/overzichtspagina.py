"""The overview as a page that a counsellor can print: plain Dutch, the whole first, then a page per creditor.

Authority: `docs/contract.md`, "The overview, assembled". The page names nobody but organisations: whose overview it is, says the case
number. Leaves sums to `schemas.assembling` and form to `schemas.paper`.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Final

from schemas import paper
from schemas.overzicht import Navraag, Ontbreekreden, Ontbrekend, Overzicht, Overzichtsvordering, Schuldeiserdeel, Totaal
from schemas.paper import euro, on
from schemas.schuldenoverzicht import Overzichtstaat, Schuldsoort, Weigergrond

_STATES: Final[dict[Overzichtstaat, str]] = {
    "open": "Nog geen schuldeiser heeft geantwoord.",
    "deels": "Nog niet alle schuldeisers hebben geantwoord.",
    "volledig": "Alle schuldeisers hebben geantwoord.",
    "verlopen": "De termijn is voorbij. Niet alle schuldeisers hebben geantwoord.",
    "ingetrokken": "De gemeente heeft de vraag ingetrokken.",
}
_KINDS: Final[dict[Schuldsoort, str]] = {
    "openstaand": "Staat open bij de schuldeiser",
    "uit_handen_gegeven": "Uit handen gegeven: een ander int",
    "overgedragen": "Overgedragen: er is een nieuwe schuldeiser",
    "onbekend": "De schuldeiser weet het niet",
}
_GAPS: Final[dict[Ontbreekreden, str]] = {
    "open": "Nog geen antwoord",
    "verlopen": "Geen antwoord binnen de termijn",
    "ingetrokken": "De vraag is ingetrokken",
    "klant_onbekend": "De schuldeiser kent deze klant niet",
    "geen_medewerking": "De schuldeiser werkt niet mee",
    "vernietigd": "Het antwoord is vernietigd",
    "overgedragen": "Overgedragen; het bedrag is hier niet bekend",
    "uit_handen_gegeven": "Uit handen gegeven; het bedrag kan daar anders zijn",
    "onbekend": "De schuldeiser weet niet hoe deze schuld ervoor staat",
}
_GROUNDS: Final[dict[Weigergrond, str]] = {
    "finale_kwijting": "er is al finale kwijting",
    "recent_gestabiliseerd": "er is kort geleden al een regeling gemaakt",
    "geen_samenwerking": "de schuldeiser werkt niet samen met de gemeente",
}
_SORTS = {"incassobureau": "incassobureau", "gerechtsdeurwaarder": "gerechtsdeurwaarder", "nieuwe_schuldeiser": "nieuwe schuldeiser"}
_MONEY = ("Oorspronkelijke schuld", "Rente", "Kosten", "Betaald", "Nog te betalen")
_NONE = ("onbekend",) * len(_MONEY)


def page(overzicht: Overzicht, namen: Mapping[str, str], day: date) -> str:
    """The document, made on a day. `namen`: what the creditors are called, by OIN; who is not in it is shown by its OIN."""
    per_creditor = ["Schuldeiser", "Peildatum", *_MONEY]
    missing = ["Schuldeiser", "Waarom", "Kenmerk", "Hier kunt u verder vragen"]
    return paper.document(
        f"Schuldenoverzicht bij zaak {overzicht.zaaknummer}",
        *_summary(overzicht, day),
        paper.table("Per schuldeiser", per_creditor, _creditors(overzicht, namen), foot=_foot(overzicht), numbers=5),
        paper.table("Per soort schuld", ["Soort", "Aantal", *_MONEY], _kinds(overzicht), numbers=6),
        paper.table("Wat ontbreekt, en waarom", missing, _gaps(overzicht, namen)),
        *(_part(deel, namen) for deel in overzicht.schuldeisers if deel.vorderingen),
    )


def _summary(overzicht: Overzicht, day: date) -> Iterator[str]:
    yield paper.paragraph(f"Kenmerk: {overzicht.kenmerk}. Gemaakt op {on(day)}. {_STATES[overzicht.staat]}")
    if overzicht.staat in ("open", "deels"):
        yield paper.paragraph(f"Schuldeisers kunnen antwoorden tot en met {on(overzicht.uiterlijk)}.")
    if overzicht.ingetrokken_op and overzicht.staat != "ingetrokken":
        yield paper.paragraph("De gemeente heeft de vraag daarna ingetrokken. De antwoorden zijn vernietigd.")
    if found := overzicht.totaal:
        yield paper.paragraph(
            f"Voor zover bekend is nog {euro(found.saldo_cent)} te betalen. De oorspronkelijke schuld is {euro(found.hoofdsom_cent)}. "
            f"Daar kwam {euro(found.bijkomend_cent)} aan rente en kosten bij. Er is {euro(found.betaald_cent)} betaald."
        )
        yield paper.paragraph(f"De bedragen zijn van {_days(found)}. Daarna kan er iets zijn veranderd.")
    else:
        yield paper.paragraph("Er zijn geen bedragen bekend.")
    if overzicht.ontbreekt:
        yield paper.paragraph("Niet alles zit in deze bedragen. Hieronder staat wat ontbreekt en waarom.")


def _creditors(overzicht: Overzicht, namen: Mapping[str, str]) -> Iterator[Sequence[str]]:
    for deel in overzicht.schuldeisers:
        yield (_name(deel.schuldeiser, namen), on(deel.peildatum) if deel.peildatum else "", *_money(deel.totaal))


def _kinds(overzicht: Overzicht) -> Iterator[Sequence[str]]:
    return ((_KINDS[deel.soort], str(deel.vorderingen), *_money(deel.totaal)) for deel in overzicht.soorten)


def _foot(overzicht: Overzicht) -> Sequence[str]:
    return ("Totaal", "", *_money(overzicht.totaal)) if overzicht.totaal else ()


def _gaps(overzicht: Overzicht, namen: Mapping[str, str]) -> Iterator[Sequence[str]]:
    for gap in overzicht.ontbreekt:
        yield (_name(gap.schuldeiser, namen), _why(gap), gap.kenmerk or "", _where(gap.navraag) if gap.navraag else "")


def _part(deel: Schuldeiserdeel, namen: Mapping[str, str]) -> str:
    name = _name(deel.schuldeiser, namen)
    rows = ((one.kenmerk, "; ".join(_about(one)), *_claimed(one)) for one in deel.vorderingen)
    notes = [paper.paragraph(text) for text in _notes(deel)]
    claims = paper.table(f"Vorderingen van {name}", ["Kenmerk", "Bijzonderheden", *_MONEY], rows, foot=_last(deel), numbers=5)
    return "".join([paper.heading(name, new_page=True), *notes, claims])


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
    yield _KINDS[one.soort]
    if one.ontstaansdatum:
        yield f"ontstaan op {on(one.ontstaansdatum)}"
    if one.titel:
        yield f"titel: {one.titel.soort.replace('_', ' ')} van {on(one.titel.datum)}"
    if one.beslag:
        yield f"beslag op {one.beslag.soort.replace('_', ' ')} sinds {on(one.beslag.sinds)}"
    if one.preferent:
        yield "gaat voor op andere schulden"


def _why(gap: Ontbrekend) -> str:
    return f"{_GAPS[gap.reden]}: {_GROUNDS[gap.weigergrond]}" if gap.weigergrond else _GAPS[gap.reden]


def _where(found: Navraag) -> str:
    return f"{found.naam} ({_SORTS[found.soort]})" + (f", dossier {found.dossiernummer}" if found.dossiernummer else "")


def _money(found: Totaal | None) -> Sequence[str]:
    if found is None:
        return _NONE
    return tuple(map(euro, (found.hoofdsom_cent, found.rente_cent, found.kosten_cent, found.betaald_cent, found.saldo_cent)))


def _claimed(one: Overzichtsvordering) -> Sequence[str]:
    if one.saldo_cent is None:
        return _NONE
    return tuple(map(euro, (one.hoofdsom_cent, one.rente_cent, one.kosten_cent, one.betaald_cent, one.saldo_cent)))


def _last(deel: Schuldeiserdeel) -> Sequence[str]:
    return ("Totaal", "", *_money(deel.totaal)) if deel.totaal else ()


def _days(found: Totaal) -> str:
    if found.oudste_peildatum == found.jongste_peildatum:
        return on(found.oudste_peildatum)
    return f"{on(found.oudste_peildatum)} tot en met {on(found.jongste_peildatum)}"


def _name(oin: str, namen: Mapping[str, str]) -> str:
    return namen.get(oin, oin)

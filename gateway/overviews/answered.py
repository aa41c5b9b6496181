"""What a creditor may answer: sums to the cent, what belongs to which kind of claim, dates, and no BSN anywhere.

Authority: contract, section on the schuldenoverzicht (SO-06, SO-07, SO-09: `uit_handen_gegeven` names who collects, `overgedragen` names
the new holder and nothing more). Pure. Nothing of an answer is repeated in a finding.
"""

from collections.abc import Iterator
from datetime import date
from typing import Final

from gateway.core.errors import Invalid
from gateway.overviews.desk import bsn_like, error
from gateway.rules import numbers
from schemas.ontvangst import Bevinding
from schemas.schuldenoverzicht import Saldoantwoord, Schuldsoort, Schuldvordering, Vorderingen

AMOUNTS = ("hoofdsom_cent", "rente_cent", "kosten_cent", "betaald_cent", "saldo_cent")
OWN = ("titel", "beslag", "preferent")
MEMBERS = (*AMOUNTS, *OWN, "uit_handen_gegeven_aan", "overgedragen_aan")
NEEDED: Final[dict[Schuldsoort, tuple[str, ...]]] = {
    "openstaand": AMOUNTS,
    "uit_handen_gegeven": (*AMOUNTS, "uit_handen_gegeven_aan"),
    "overgedragen": ("overgedragen_aan",),
    "onbekend": (),
}
"""What a claim of each kind has, of the members that hang on its kind."""
WIRE: Final = dict(zip(Schuldvordering.__struct_fields__, Schuldvordering.__struct_encode_fields__, strict=True))
ALLOWED: Final = {soort: frozenset({*needed, *(OWN if AMOUNTS[0] in needed else ())}) for soort, needed in NEEDED.items()}


def check(antwoord: Saldoantwoord, formats: frozenset[str], today: date) -> None:
    """Raises Invalid with every finding. `formats` are the number formats that the creditor registered."""
    if not isinstance(antwoord, Vorderingen):
        return
    findings = [*_dates(antwoord, today), *_doubles(antwoord), *_numbers(antwoord, formats)]
    for nr, vordering in enumerate(antwoord.vorderingen):
        findings += [*_kind(vordering, f"/vorderingen/{nr}"), *_sum(vordering, f"/vorderingen/{nr}")]
    if findings:
        raise Invalid(findings[0].code, "Het antwoord klopt niet; zie errors.", errors=findings)


def registered(antwoord: Saldoantwoord, formats: frozenset[str]) -> list[numbers.Field]:
    """What stands in number fields of a registered format."""
    return [field for field in _numbers_of(antwoord) if field[0] in formats] if isinstance(antwoord, Vorderingen) else []


def _kind(vordering: Schuldvordering, at: str) -> Iterator[Bevinding]:
    soort = vordering.soort
    for name in MEMBERS:
        there = getattr(vordering, name) is not None
        if name in NEEDED[soort] and not there:
            yield error("VELD_VERPLICHT", f"Dit veld is verplicht bij {soort}.", f"{at}/{WIRE[name]}")
        if there and name not in ALLOWED[soort]:
            yield error("VELD_NIET_TOEGESTAAN", f"Dit veld hoort niet bij {soort}; laat het weg.", f"{at}/{WIRE[name]}")


def _sum(vordering: Schuldvordering, at: str) -> Iterator[Bevinding]:
    amounts = [getattr(vordering, name) for name in AMOUNTS]
    if None not in amounts:
        hoofdsom, rente, kosten, betaald, saldo = amounts
        if hoofdsom + rente + kosten - betaald != saldo:
            melding = "hoofdsomCent + renteCent + kostenCent - betaaldCent is niet saldoCent."
            yield error("SOM_KLOPT_NIET", melding, f"{at}/saldoCent", "SO-06")


def _dates(antwoord: Vorderingen, today: date) -> Iterator[Bevinding]:
    days = [("/peildatum", antwoord.peildatum)]
    for nr, one in enumerate(antwoord.vorderingen):
        days += [(f"/vorderingen/{nr}/ontstaansdatum", one.ontstaansdatum)] if one.ontstaansdatum else []
        days += [(f"/vorderingen/{nr}/titel/datum", one.titel.datum)] if one.titel else []
        days += [(f"/vorderingen/{nr}/beslag/sinds", one.beslag.sinds)] if one.beslag else []
    return (error("DATUM_IN_TOEKOMST", "Deze datum ligt na vandaag.", pointer) for pointer, day in days if day > today)


def _doubles(antwoord: Vorderingen) -> Iterator[Bevinding]:
    seen = set[str]()
    for nr, one in enumerate(antwoord.vorderingen):
        if one.kenmerk in seen:
            yield error("KENMERK_DUBBEL", "Deze vordering staat er twee keer.", f"/vorderingen/{nr}/kenmerk")
        seen.add(one.kenmerk)


def _numbers(antwoord: Vorderingen, formats: frozenset[str]) -> Iterator[Bevinding]:
    own = [(pointer, text) for veld, pointer, text in _numbers_of(antwoord) if veld not in formats]
    return (bsn_like(pointer) for pointer, text in [*_free(antwoord), *own] if numbers.passes(text))


def _free(antwoord: Vorderingen) -> Iterator[tuple[str, str]]:
    """Every position that is not a number of the creditor's own."""
    if antwoord.contact:
        yield "/contact/naam", antwoord.contact.naam or ""
        yield "/contact/emailadres", antwoord.contact.emailadres or ""
        yield "/contact/telefoonnummer", numbers.foreign(antwoord.contact.telefoonnummer or "")
    for nr, one in enumerate(antwoord.vorderingen):
        if one.uit_handen_gegeven_aan:
            yield f"/vorderingen/{nr}/uitHandenGegevenAan/naam", one.uit_handen_gegeven_aan.naam
        if one.overgedragen_aan:
            yield f"/vorderingen/{nr}/overgedragenAan/naam", one.overgedragen_aan.naam


def _numbers_of(antwoord: Vorderingen) -> Iterator[numbers.Field]:
    """The creditor's own numbers."""
    yield "klantnummer", "/klantnummer", antwoord.klantnummer or ""
    for nr, one in enumerate(antwoord.vorderingen):
        yield "factuurnummer", f"/vorderingen/{nr}/kenmerk", one.kenmerk
        if one.uit_handen_gegeven_aan:
            yield "dossiernummer", f"/vorderingen/{nr}/uitHandenGegevenAan/dossiernummer", one.uit_handen_gegeven_aan.dossiernummer

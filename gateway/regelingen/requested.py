"""What a municipality may send, to whom and for how long: the rules on a pause, a proposal and a cooling-off period.

Authority: NVVK Kennisgeving (MR-01: at most 8 months, `convenant` only where a dated agreement is registered), Wgs art. 5 (MR-04: a court's
decision, at most 6 months), contract, section on arrangements (SO-13: `akkoord_vooraf` only under a dated general agreement). Who may ask
whom, with which document and which numbers is as for a schuldenoverzicht (`gateway.overviews.asked`). Pure: facts in, findings out.
"""

import calendar
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Final

from gateway.core.chain import Sender
from gateway.core.errors import Conflict, Invalid
from gateway.core.workdays import add_workdays
from gateway.overviews import asked
from gateway.overviews.asked import Asking
from gateway.overviews.desk import bsn_like, error
from gateway.partners.register import Register
from gateway.rules import numbers
from schemas.ontvangst import Bevinding
from schemas.regelingen import (
    AfkoelingsperiodeAanvraag,
    Benaderde,
    BenaderdeMetGrondslag,
    BenaderdeMetVoorstel,
    BetaalvoorstelAanvraag,
    KennisgevingAanvraag,
    Regelingaanvraag,
    Regelingsinhoud,
    Voorstelvordering,
)
from schemas.schuldenoverzicht import GevraagdeSchuldeiser, Machtigingsbewijs, OverzichtClient, Overzichtsaanvraag

MONTHS: Final[dict[type[Regelingaanvraag], int]] = {KennisgevingAanvraag: 8, AfkoelingsperiodeAanvraag: 6}
AHEAD = timedelta(days=31)
"""How far ahead a pause or a cooling-off period may begin."""


def asking(caller: Sender, aanvraag: Regelingaanvraag, register: Register, day: date) -> Asking:
    """The request as the rules of a schuldenoverzicht see it: the same client, creditors and document."""
    named = [
        GevraagdeSchuldeiser(oin=one.oin, klantnummer=one.klantnummer, factuurnummers=one.factuurnummers) for one in aanvraag.schuldeisers
    ]
    client = OverzichtClient(personen=aanvraag.client.personen, adres=aanvraag.client.adres)
    alike = Overzichtsaanvraag(
        kenmerk=aanvraag.kenmerk,
        zaaknummer=aanvraag.zaaknummer,
        grond="plan_van_aanpak",
        client=client,
        schuldeisers=named,
        machtiging=aanvraag.machtiging,
    )
    return Asking(caller, alike, register, day)


def check(aanvraag: Regelingaanvraag, gemeente: str, alike: Asking) -> None:
    """Everything that must hold. Raises Conflict (whom, or on which ground), Invalid (what) with every finding."""
    asked.check(alike)
    findings = list(_findings(aanvraag, alike))
    if findings:
        raise Invalid(findings[0].code, findings[0].melding, errors=findings)
    if isinstance(aanvraag, KennisgevingAanvraag):
        _require_covenants(aanvraag, gemeente, alike)


def period(aanvraag: Regelingaanvraag, day: date) -> tuple[date, date]:
    """The first and last day of a request that `check` let through: a proposal can be answered from today through its term."""
    if isinstance(aanvraag, BetaalvoorstelAanvraag):
        return day, add_workdays(day, aanvraag.termijn_werkdagen)
    return aanvraag.begin, aanvraag.einde


def months_later(day: date, months: int) -> date:
    """The same day so many months on, or the last of that month."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def agreement(aanvraag: Regelingaanvraag, named: Benaderde, gemeente: str, alike: Asking) -> str | None:
    """The id of the registered agreement that a message rests on: a covenant, or a general agreement beforehand."""
    if isinstance(named, BenaderdeMetGrondslag) and named.grondslag == "verzoek":
        return None
    soort = {KennisgevingAanvraag: "convenant", BetaalvoorstelAanvraag: "akkoord_vooraf"}.get(type(aanvraag))
    found = alike.register.general_agreement(soort, named.oin, gemeente, alike.day) if soort else None
    return found.id if found else None


def content(aanvraag: Regelingaanvraag, named: Benaderde, shown: Machtigingsbewijs | None) -> Regelingsinhoud:
    """What one creditor gets: its own numbers and claims, and no other creditor's."""
    return Regelingsinhoud(
        personen=aanvraag.client.personen,
        adres=aanvraag.client.adres,
        klantnummer=named.klantnummer,
        factuurnummers=named.factuurnummers,
        machtiging=shown,
        uitspraak=aanvraag.uitspraak if isinstance(aanvraag, AfkoelingsperiodeAanvraag) else None,
        vorderingen=named.vorderingen if isinstance(named, BenaderdeMetVoorstel) else None,
    )


def _findings(aanvraag: Regelingaanvraag, alike: Asking) -> Iterator[Bevinding]:
    if isinstance(aanvraag, BetaalvoorstelAanvraag):
        for nr, one in enumerate(aanvraag.schuldeisers):
            for place, vordering in enumerate(one.vorderingen):
                yield from _proposal(vordering, f"/schuldeisers/{nr}/vorderingen/{place}", alike.register.number_formats(one.oin))
        return
    yield from _days(aanvraag, MONTHS[type(aanvraag)], alike.day)
    if isinstance(aanvraag, AfkoelingsperiodeAanvraag):
        yield from _decision(aanvraag, alike.day)


def _days(aanvraag: KennisgevingAanvraag | AfkoelingsperiodeAanvraag, months: int, day: date) -> Iterator[Bevinding]:
    rule = "MR-01" if isinstance(aanvraag, KennisgevingAanvraag) else "MR-04"
    if aanvraag.begin > day + AHEAD:
        yield error("PERIODE_ONGELDIG", f"Het begin ligt hoogstens {AHEAD.days} dagen vooruit.", "/begin", rule)
    if not max(aanvraag.begin, day) <= aanvraag.einde <= months_later(aanvraag.begin, months):
        melding = f"Het einde ligt niet voor vandaag of het begin, en hoogstens {months} maanden na het begin."
        yield error("PERIODE_ONGELDIG", melding, "/einde", rule)


def _decision(aanvraag: AfkoelingsperiodeAanvraag, day: date) -> Iterator[Bevinding]:
    found = aanvraag.uitspraak
    if found.zaaknummer is None and found.ecli is None:
        yield error("UITSPRAAK_ONTBREEKT", "Noem het zaaknummer van de rechtbank of de ECLI.", "/uitspraak", "MR-04")
    if found.datum > day:
        yield error("DATUM_IN_TOEKOMST", "Deze datum ligt na vandaag.", "/uitspraak/datum", "MR-04")
    if aanvraag.begin < found.datum:
        yield error("PERIODE_ONGELDIG", "De periode begint niet voor de uitspraak.", "/begin", "MR-04")
    for field, text in (("zaaknummer", found.zaaknummer), ("ecli", found.ecli)):
        if text and numbers.passes(text):
            yield bsn_like(f"/uitspraak/{field}")


def _proposal(vordering: Voorstelvordering, at: str, formats: frozenset[str]) -> Iterator[Bevinding]:
    """Percentage and forecast say the same, as exactly as hundredths of a percent can."""
    off = abs(vordering.prognose_cent * 10_000 - vordering.saldo_cent * vordering.percentage_honderdsten)
    if vordering.prognose_cent > vordering.saldo_cent or off > vordering.saldo_cent / 2 + 10_000:
        yield error("PROGNOSE_KLOPT_NIET", "prognoseCent is niet dit percentage van saldoCent.", f"{at}/prognoseCent", "SO-13")
    if "factuurnummer" not in formats and numbers.passes(vordering.kenmerk):
        yield bsn_like(f"{at}/kenmerk")


def _require_covenants(aanvraag: KennisgevingAanvraag, gemeente: str, alike: Asking) -> None:
    melding = "Met deze schuldeiser is geen convenant geregistreerd dat nu geldt; gebruik verzoek."
    errors = [
        error("CONVENANT_ONTBREEKT", melding, f"/schuldeisers/{nr}/grondslag", "MR-01")
        for nr, one in enumerate(aanvraag.schuldeisers)
        if one.grondslag == "convenant" and agreement(aanvraag, one, gemeente, alike) is None
    ]
    if errors:
        raise Conflict("CONVENANT_ONTBREEKT", "Niet met elke schuldeiser geldt een convenant; zie errors.", errors=errors)

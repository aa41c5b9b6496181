"""What a creditor may answer to a pause, a proposal or a cooling-off period, and which event that is.

Authority: contract, section on arrangements: MR-03 (a health insurer pauses the premium only), SO-13 (a refusal gives reasons, from a
closed list with a code that explains each; own words could hold person data and are not taken). Pure. Findings repeat nothing of an answer.
"""

from collections.abc import Iterator
from typing import Final

from gateway.core.errors import Conflict, Invalid
from gateway.overviews.desk import bsn_like, error
from gateway.partners.register import Deelnemer
from gateway.regelingen.states import PartyEvent
from gateway.rules import numbers
from schemas.ontvangst import Bevinding
from schemas.regelingen import Akkoord, Bevestigd, Geweigerd, Regelingantwoord, Regelingsoort, Toelichting, Weigerreden
from schemas.schuldenoverzicht import GeenMedewerking, KlantOnbekend

HEALTH = "zorgverzekering"
_PREMIUM = "Een zorgverzekeraar pauzeert de premie, niet eigen risico of eigen bijdrage: alleen_premie."
_EVERYTHING = "alleen_premie hoort bij de pauze van een zorgverzekeraar."
EVENTS: Final[dict[type[Regelingantwoord], PartyEvent]] = {
    Bevestigd: "confirm",
    KlantOnbekend: "unknown",
    GeenMedewerking: "decline",
    Akkoord: "agree",
    Geweigerd: "refuse",
}
REASONS: Final[dict[Weigerreden, frozenset[Toelichting]]] = {
    "vordering_onjuist": frozenset({"bedrag_wijkt_af", "vordering_ontbreekt", "vordering_overgedragen", "vordering_voldaan"}),
    "aanbod_te_laag": frozenset({"preferentie_niet_toegepast", "afloscapaciteit_hoger", "vermogen_niet_betrokken"}),
    "voorstel_onvolledig": frozenset({"berekening_ontbreekt", "inkomen_niet_onderbouwd", "looptijd_ontbreekt"}),
    "schuld_uitgesloten": frozenset({"boete_of_strafbaar_feit", "fraudevordering", "wettelijk_niet_toegestaan"}),
    "eerdere_regeling": frozenset({"recente_finale_kwijting", "regeling_niet_nagekomen"}),
    "zekerheid": frozenset({"pand_of_hypotheek", "derde_is_aansprakelijk"}),
}
"""Why a proposal is refused, and which codes explain each reason."""


def check(soort: Regelingsoort, antwoord: Regelingantwoord, party: Deelnemer | None) -> None:
    """Raises Invalid with every finding, Conflict: it does not fit this message or this creditor. `party` is the creditor as registered."""
    findings = list(_findings(antwoord, party))
    if findings:
        raise Invalid(findings[0].code, "Het antwoord klopt niet; zie errors.", errors=findings)
    if isinstance(antwoord, Bevestigd):
        _check_scope(antwoord, soort == "kennisgeving" and party is not None and HEALTH in party.sectoren)


def _findings(antwoord: Regelingantwoord, party: Deelnemer | None) -> Iterator[Bevinding]:
    formats = party.nummerformaten if party else frozenset()
    if isinstance(antwoord, Bevestigd):
        if antwoord.klantnummer is None and antwoord.factuurnummers is None:
            yield error("VELD_VERPLICHT", "Noem uw klantnummer, of factuurnummers.", "/klantnummer")
        if "factuurnummer" not in formats:
            found = enumerate(antwoord.factuurnummers or ())
            yield from (bsn_like(f"/factuurnummers/{nr}") for nr, text in found if numbers.passes(text))
    if isinstance(antwoord, Geweigerd):
        yield from _reasons(antwoord)
    number = antwoord.klantnummer if isinstance(antwoord, Bevestigd | Akkoord) else None
    if number and "klantnummer" not in formats and numbers.passes(number):
        yield bsn_like("/klantnummer")


def _check_scope(antwoord: Bevestigd, premium_only: bool) -> None:
    if premium_only == (antwoord.reikwijdte == "alleen_premie"):
        return
    code, melding = ("ALLEEN_PREMIE", _PREMIUM) if premium_only else ("ANTWOORD_PAST_NIET", _EVERYTHING)
    raise Conflict(code, melding, errors=[error(code, melding, "/reikwijdte", "MR-03")])


def _reasons(antwoord: Geweigerd) -> Iterator[Bevinding]:
    for nr, one in enumerate(antwoord.redenen):
        if one.toelichting not in REASONS[one.reden]:
            yield error("TOELICHTING_PAST_NIET", "Deze toelichting hoort niet bij deze reden.", f"/redenen/{nr}/toelichting", "SO-13")
        if one in antwoord.redenen[:nr]:
            yield error("REDEN_DUBBEL", "Deze reden staat er twee keer.", f"/redenen/{nr}", "SO-13")

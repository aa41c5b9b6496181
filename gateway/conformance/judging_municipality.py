"""Judgements on a municipality's case system. Pure; each says what was seen, and nothing that is not on record passes.

Whether a message was really opened shows by its case number: it must hold the client number, which travels sealed only. Authority:
contract, claims and leases, order, states, feedback, schuldenoverzicht. Which texts go with them is in `municipality`.
"""

from collections.abc import Iterator

from gateway.conformance.observed import Feit, Uitwisseling, Waargenomen
from gateway.conformance.scenario import Gezien, fout, goed

DOEL = "WGS-3-1-b"
EERSTE, VERLOPEN, ONLEESBAAR, INGETROKKEN, VELD, DUBBEL, TERUG, OVERZICHT = (
    "bericht_geopend",
    "niet_bevestigen_na_verloop",
    "onleesbaar_teruggeven",
    "ingetrokken_na_claim",
    "nieuw_veld_gemeente",
    "dubbel_bezorgd",
    "terugkoppeling_uit_lijst",
    "schuldenoverzicht",
)
ZAAK = "zaak_met_resultaat"
GEEN_HULP = "geen_hulp_nodig"
HERHAALD = "herhaalde_melding"
GEEINDIGD = "traject_beeindigd"
WEIGERT, ZWIJGT = "geweigerd", "stil"


def bladeren(seen: Waargenomen) -> Gezien:
    """The inbox is read page by page."""
    planted = _ids(seen, EERSTE)
    pages = [one for one in seen.van("inbox_lezen") if one.gelukt]
    if not planted or not pages:
        return fout("de inbox is niet gelezen.")
    known = {one.volgende for one in pages}
    if any(one.cursor not in known for one in pages if one.cursor is not None):
        return fout("er is een cursor gebruikt die niet is gegeven.")
    if not planted <= {id for one in pages for id in one.berichten}:
        return fout("niet elk bericht is in de lijst gezien: er was meer dan een bladzijde.")
    if all(one.cursor is None for one in pages):
        return fout("er is steeds vanaf het begin gelezen in plaats van verder vanaf volgende.")
    return goed("de inbox is bladzijde voor bladzijde gelezen.")


def doel(seen: Waargenomen) -> Gezien:
    """Messages are claimed for a purpose that the register knows."""
    claims = list(seen.van("claimen"))
    if refused := [one for one in claims if one.status == 403]:
        return fout(f"een claim met het doel {refused[0].keuze[:32]} is geweigerd.")
    if wrong := [one for one in claims if one.keuze != DOEL]:
        return fout(f"er is geclaimd voor {wrong[0].keuze[:32]}.")
    mine = [one for one in claims if one.gelukt and _ids(seen, EERSTE) & set(one.berichten)]
    if not mine:
        return fout("de berichten zijn niet geclaimd.")
    return goed("er is geclaimd voor het goede doel.")


def geopend(seen: Waargenomen) -> Gezien:
    """Every message was opened."""
    return _done(seen, EERSTE)


def met_claim(seen: Waargenomen) -> Gezien:
    """Acknowledgements name the claim that holds the message."""
    planted = _ids(seen, EERSTE)
    acks = [one for one in _acks(seen) if planted & set(one.berichten)]
    if not acks:
        return fout("er is niets bevestigd.")
    if refused := [one for one in acks if not one.gelukt]:
        return fout(f"{len(refused)} bevestigingen zijn geweigerd met status {refused[0].status}.")
    return goed("elke bevestiging noemde de claim die het bericht vasthoudt.")


def na_verloop(seen: Waargenomen) -> Gezien:
    """Nothing is acknowledged under a lease that ended, unless it was extended first: nobody else had taken the message."""
    late = seen.ingreep(VERLOPEN)
    if late is None:
        return fout("het bericht is niet geclaimd.")
    again = min((one.op for one in seen.van("verlengen") if one.gelukt and one.id == late.claim and one.op > late.op), default=float("inf"))
    if any(late.op < one.op < again and one.claim == late.claim for one in _acks(seen)):
        return fout("er is bevestigd onder een claim waarvan vervaltOp al voorbij was.")
    return _done(seen, VERLOPEN)


def onleesbaar(seen: Waargenomen) -> Gezien:
    """What does not open is given back, and taken anew."""
    broken = seen.ingreep(ONLEESBAAR)
    if broken is None:
        return fout("het bericht is niet geclaimd.")
    ids = _ids(seen, ONLEESBAAR)
    if any(one.op > broken.op and one.claim == broken.claim and ids & set(one.berichten) for one in _acks(seen)):
        return fout("een bericht dat niet te openen was, is toch bevestigd of afgewezen.")
    if not any(one.op > broken.op and one.id == broken.claim and one.gelukt for one in seen.van("teruggeven")):
        return fout("de claim met het onleesbare bericht is niet teruggegeven.")
    return _done(seen, ONLEESBAAR)


def ingetrokken(seen: Waargenomen) -> Gezien:
    """A withdrawal after the claim is seen before a case is made of it."""
    taken = seen.ingreep(INGETROKKEN)
    if taken is None:
        return fout("het bericht is niet geclaimd.")
    if any(feit.staat == "verwerkt" for feit in seen.berichten.get(INGETROKKEN, ())):
        return fout("het bericht is verwerkt, terwijl het na de claim was ingetrokken.")
    if not any(one.op > taken.op and one.id in _ids(seen, INGETROKKEN) for one in seen.van("bericht_lezen")):
        return fout("het bericht is na de claim niet opnieuw bekeken.")
    if not all(feit.staat == "ingetrokken" for feit in seen.berichten.get(INGETROKKEN, ())):
        return fout("het ingetrokken bericht is niet teruggegeven.")
    return goed("de intrekking is gezien, en het bericht teruggegeven.")


def veld(seen: Waargenomen) -> Gezien:
    """A member that is new to the partner stops nothing."""
    if seen.ingreep(VELD) is None:
        return fout("het bericht is niet geclaimd.")
    return _done(seen, VELD)


def dubbel(seen: Waargenomen) -> Gezien:
    """A message that comes twice is one case."""
    twice = seen.ingreep(DUBBEL)
    if twice is None:
        return fout("het bericht is niet geclaimd.")
    ids = _ids(seen, DUBBEL)
    done = [one for one in _acks(seen) if one.keuze == "verwerkt" and ids & set(one.berichten)]
    if len(done) > 1:
        return fout(f"hetzelfde bericht is {len(done)} keer verwerkt.")
    return _done(seen, DUBBEL)


def teruggekoppeld(seen: Waargenomen) -> Gezien:
    """Feedback is one of the codes of the list, and the right one."""
    ids = _ids(seen, TERUG)
    told = [one for one in seen.van("terugkoppelen") if ids & set(one.berichten) or not one.gelukt]
    if not told:
        return fout("er is niets teruggekoppeld over het bericht.")
    codes = [one.keuze for one in told if one.gelukt]
    if not codes:
        return fout("de terugkoppeling is geweigerd: de code staat niet in de lijst.")
    if HERHAALD not in seen.uitkomsten.get(TERUG, ()):
        return fout(f"de schuldeiser ziet geen {HERHAALD}.")
    return goed("de schuldeiser ziet de code die bij de uitkomst hoort.")


def zaak(seen: Waargenomen) -> Gezien:
    """A case over the message, with an attempt and a result of the list."""
    ids = _ids(seen, ZAAK)
    opened = next((one for one in seen.van("zaak_openen") if one.gelukt and ids & set(one.berichten)), None)
    if opened is None:
        return fout("er is geen zaak van het bericht gemaakt.")
    if not any(one.gelukt and one.id == opened.id for one in seen.van("poging_vastleggen")):
        return fout("er is geen contactpoging vastgelegd.")
    ended = [one for one in seen.van("zaak_afsluiten") if one.id == opened.id]
    if not any(one.gelukt and one.keuze == GEEN_HULP for one in ended):
        return fout(f"de zaak is niet afgesloten als {GEEN_HULP}." if not ended else "het resultaat is geweigerd, of is een ander.")
    return goed("de zaak is geopend, gevolgd en afgesloten.")


def pauze(seen: Waargenomen) -> Gezien:
    """A pause is asked, and the answer read."""
    asked = [one for one in seen.van("pauze_vragen") if one.gelukt]
    if not asked:
        return fout("er is geen pauze gevraagd.")
    if not any(one.gelukt and one.id == asked[0].id and "bevestigd" in one.berichten for one in seen.van("pauze_lezen")):
        return fout("de bevestiging van de schuldeiser is niet opgehaald.")
    return goed("de pauze is gevraagd, en de bevestiging gelezen.")


def gevraagd(seen: Waargenomen) -> Gezien:
    """An overview is asked of the creditors of the assignment."""
    asked = list(seen.van("overzicht_vragen"))
    if not any(one.gelukt for one in asked):
        return fout("er is geen schuldenoverzicht gevraagd." if not asked else f"de vraag is geweigerd met status {asked[0].status}.")
    if len(seen.uitkomsten.get("gevraagd", ())) < 3:
        return fout("niet alle drie de schuldeisers van de opdracht zijn gevraagd.")
    return goed("de drie schuldeisers zijn gevraagd.")


def geweigerd(seen: Waargenomen) -> Gezien:
    """A refusal is an answer: it is read, and not asked again."""
    moment = seen.ingreep("weigering_is_een_antwoord")
    if moment is None:
        return fout("het overzicht is niet opgehaald nadat er antwoord was.")
    asked = [one for one in seen.van("overzicht_vragen") if one.gelukt]
    if len({one.id for one in asked}) > 1:
        return fout("na de weigering is dezelfde vraag opnieuw gesteld.")
    return goed("het antwoord en de weigering zijn opgehaald, en niets is opnieuw gevraagd.")


def gezwegen(seen: Waargenomen) -> Gezien:
    """Silence is no agreement and no answer: what is still open is withdrawn when the trajectory ends."""
    moment = seen.ingreep("weigering_is_een_antwoord")
    ended = [one for one in seen.van("overzicht_intrekken") if one.gelukt]
    if moment is None:
        return fout("het overzicht is niet opgehaald nadat er antwoord was.")
    if not ended:
        return fout("de vraag aan wie zwijgt, is niet ingetrokken.")
    if ended[0].op < moment.op:
        return fout("het overzicht is ingetrokken voordat de antwoorden waren opgehaald.")
    if ended[0].keuze != GEEINDIGD:
        return fout(f"het overzicht is ingetrokken als {ended[0].keuze[:32]}.")
    return goed("de openstaande vraag is ingetrokken nadat de antwoorden waren opgehaald.")


def _acks(seen: Waargenomen) -> Iterator[Uitwisseling]:
    return (one for one in seen.uitwisselingen if one.handeling in {"bevestigen", "claim_bevestigen", "afwijzen"})


def _ids(seen: Waargenomen, scenario: str) -> set[str]:
    return {feit.id for feit in seen.berichten.get(scenario, ())}


def _done(seen: Waargenomen, scenario: str) -> Gezien:
    """Every planted message became `verwerkt`, with the case number that only who opened it can know."""
    planted: tuple[Feit, ...] = seen.berichten.get(scenario, ())
    if not planted:
        return fout("er is nog niets klaargezet.")
    if left := [feit for feit in planted if feit.staat != "verwerkt"]:
        return fout(f"{len(left)} van {len(planted)} berichten zijn niet verwerkt; de staat is {left[0].staat}.")
    if wrong := [feit for feit in planted if not feit.zaak]:
        return fout(f"bij {len(wrong)} van {len(planted)} berichten staat het klantnummer niet in het zaaknummer: ze zijn niet geopend.")
    return goed("alle berichten zijn geopend en verwerkt.")

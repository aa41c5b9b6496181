"""Judgements on a creditor at the API. Pure; each says what was seen, and nothing that is not on record passes.

Authority: contract, idempotency, receipts, the signal, balance requests, feedback. Which texts and cards go with them is in `creditor`.
"""

from gateway.conformance.observed import Regel, Uitwisseling, Waargenomen
from gateway.conformance.scenario import Gezien, fout, goed

EERSTE, VERLOREN, WACHTEN, VERBETEREN, MEERDUIDIG, CENTEN, BETAALD, ONECHT = (
    "eerste", "verloren", "wachten", "verbeteren", "meerduidig", "centen", "betaald", "onecht"
)  # fmt: skip
REEKS = ("reeks-1", "reeks-2", "reeks-3", "reeks-4", "reeks-5")
STAND = ("stand-1", "stand-2")
FOUT_IN_REEKS = REEKS[2]
CENTEN_BEDRAG = 123_456
WACHTTIJD = 2.0
_LEEWAY = 0.05  # seconds; our clock starts after the answer left
Keren = list[tuple[Uitwisseling, Regel]]


def eerste(seen: Waargenomen) -> Gezien:
    """A signal was taken."""
    return _taken(seen, EERSTE)


def verloren(seen: Waargenomen) -> Gezien:
    """After an answer that never came: the same kenmerk and content again."""
    times, lost = seen.met(VERLOREN), seen.ingreep("zelfde_kenmerk_na_verlies")
    if lost is None:
        return fout("het signaal van de kaart is niet aangeboden.")
    after = [regel for one, regel in times if one.op > lost.op]
    first = next(regel for one, regel in times if one is lost)
    if not after:
        return fout("na het verloren antwoord kwam het signaal niet opnieuw.")
    if any(regel.kenmerk != first.kenmerk for regel in after):
        return fout("na het verloren antwoord kwam het signaal onder een nieuw kenmerk: de inwoner staat er nu dubbel.")
    if any(regel.inhoud != first.inhoud for regel in after):
        return fout("na het verloren antwoord kwam hetzelfde kenmerk met andere inhoud.")
    return goed("hetzelfde signaal kwam opnieuw, onder hetzelfde kenmerk.")


def wachten(seen: Waargenomen) -> Gezien:
    """Retry-After of a 503 is kept."""
    busy = seen.ingreep("wacht_bij_503")
    if busy is None:
        return fout("het signaal van de kaart is niet aangeboden.")
    after = [one for one, _ in seen.met(WACHTEN) if one.op > busy.op]
    if not after:
        return fout("na de 503 kwam het signaal niet opnieuw.")
    waited = after[0].op - busy.op
    if waited < WACHTTIJD - _LEEWAY:
        return fout(f"na de 503 kwam het signaal al na {waited:.1f} seconde terug, Retry-After was {WACHTTIJD:.0f}.")
    return _taken(seen, WACHTEN)


def verbeteren(seen: Waargenomen) -> Gezien:
    """A refused record comes back, mended."""
    return _mended(seen, VERBETEREN)


def meerduidig(seen: Waargenomen) -> Gezien:
    """An ambiguous postcode is settled by one of the candidates."""
    times = seen.met(MEERDUIDIG)
    if not times:
        return fout("het signaal van de kaart is niet aangeboden.")
    if all(regel.gemeentecode is None for _, regel in times):
        return fout("het signaal kwam niet terug met adres.gemeentecode.")
    return _taken(seen, MEERDUIDIG)


def centen(seen: Waargenomen) -> Gezien:
    """Amounts are whole cents."""
    taken = [regel.bedrag for _, regel in seen.met(CENTEN) if regel.uitkomst == "bezorgd"]
    if not taken:
        return fout("het signaal van de kaart is niet aangenomen.")
    if wrong := [bedrag for bedrag in taken if bedrag != CENTEN_BEDRAG]:
        return fout(f"bedragCent was {wrong[0]} in plaats van {CENTEN_BEDRAG}.")
    if not any(feit.bedrag == CENTEN_BEDRAG for feiten in seen.berichten.values() for feit in feiten):
        return fout("bij de gemeente staat het bedrag niet.")
    return goed("bedragCent klopte tot op de cent, ook bij de gemeente.")


def betaald(seen: Waargenomen) -> Gezien:
    """A signal that was paid is withdrawn."""
    if not (taken := _taken(seen, BETAALD)).goed:
        return taken
    mine = {regel.id for _, regel in seen.met(BETAALD) if regel.id}
    done = [one for one in seen.van("intrekken") if one.gelukt and one.id in mine]
    if not done:
        return fout("het signaal is niet ingetrokken.")
    if done[0].keuze != "betaald":
        return fout(f"het signaal is ingetrokken als {done[0].keuze}, en was betaald.")
    return goed("het signaal is aangenomen en daarna ingetrokken.")


def reeks(seen: Waargenomen) -> Gezien:
    """One bad record in a delivery: that one comes back and nothing else."""
    first = next((one for one in seen.van("aanleveren") if one.gelukt and one.kaarten() >= set(REEKS)), None)
    if first is None:
        return fout("de vijf signalen zijn niet samen in een aanlevering aangeboden.")
    later = [regel for one in seen.uitwisselingen if one.op > first.op for regel in one.regels if one.handeling in _DELIVERS]
    if again := sorted({regel.kaart for regel in later if regel.kaart in REEKS and regel.kaart != FOUT_IN_REEKS}):
        return fout(f"{len(again)} signalen die al waren aangenomen, zijn opnieuw aangeboden.")
    if not any(regel.kaart == FOUT_IN_REEKS and regel.uitkomst == "bezorgd" for regel in later):
        return fout("het geweigerde signaal kwam niet verbeterd terug.")
    return goed("alleen het geweigerde signaal kwam terug, verbeterd.")


def onecht(seen: Waargenomen) -> Gezien:
    """A receipt with a false signature is no receipt."""
    false = seen.ingreep("onechte_handtekening")
    if false is None:
        return fout("het signaal van de kaart is niet aangenomen.")
    first = next(regel for one, regel in seen.met(ONECHT) if one is false)
    after = [regel for one, regel in seen.met(ONECHT) if one.op > false.op]
    if not any((regel.kenmerk, regel.inhoud) == (first.kenmerk, first.inhoud) for regel in after):
        return fout("het bewijs met een valse handtekening is voor waar aangenomen: het signaal is niet opnieuw aangeboden.")
    return goed("na het onechte bewijs is hetzelfde opnieuw gevraagd.")


def stand(seen: Waargenomen) -> Gezien:
    """The whole list of a series is taken."""
    every = list(seen.van("stand"))
    if not every:
        return fout("er is geen stand gestuurd.")
    sent = [one for one in every if one.kaarten() >= set(STAND)]
    if not sent:
        return fout("de stand is niet heel: er ontbreken kaarten. Wat in een stand ontbreekt, vervalt.")
    if not any(one.gelukt for one in sent):
        return fout(f"de stand is geweigerd met status {sent[0].status}.")
    wrong = [regel for one in sent if one.gelukt for regel in one.regels if regel.uitkomst not in _OPEN]
    if wrong:
        return fout(f"{len(wrong)} signalen van de stand zijn niet aangenomen.")
    return goed("de stand is verwerkt, met elke kaart erin.")


def pauze(seen: Waargenomen) -> Gezien:
    """A request to pause is confirmed, with the customer's number."""
    (answer,) = seen.uitkomsten.get("pauze_bevestigd", ("de pauze is niet gevraagd",))
    if answer == "bevestigd":
        return goed("de pauze is bevestigd, met het klantnummer.")
    return fout(f"de gemeente ziet: {answer}.")


def saldo(seen: Waargenomen) -> Gezien:
    """A question is answered in time, with the right amounts."""
    (answer,) = seen.uitkomsten.get("saldo_op_tijd", ("de vraag is niet gesteld",))
    if answer == "beantwoord":
        return goed("de vraag is in de termijn beantwoord, met de bedragen van de kaart.")
    return fout(f"de gemeente ziet: {answer}.")


def gelezen(seen: Waargenomen) -> Gezien:
    """The feed is read with its cursor, to an empty page."""
    planted = set(seen.uitkomsten.get("terugkoppeling_met_cursor", ()))
    pages = [one for one in seen.van("terugkoppeling_lezen") if one.gelukt]
    if not planted:
        return fout("er zijn nog geen signalen aangenomen waarover een gemeente iets kon melden.")
    if not pages:
        return fout("de terugkoppeling is niet opgehaald.")
    if not planted <= {code for one in pages for code in one.berichten}:
        return fout("niet elke terugkoppeling is opgehaald: er was meer dan een bladzijde.")
    known = {one.volgende for one in pages}
    restarted = [one for one in pages[1:] if one.cursor is None]
    if restarted:
        return fout("er is opnieuw vanaf het begin gelezen in plaats van verder vanaf volgende.")
    if any(one.cursor not in known for one in pages if one.cursor is not None):
        return fout("er is een cursor gebruikt die niet is gegeven.")
    return goed("de terugkoppeling is bladzijde voor bladzijde gelezen.")


def nieuw_veld(seen: Waargenomen) -> Gezien:
    """A member that is new to the partner in an answer stops nothing."""
    planted = seen.ingreep("nieuw_veld_schuldeiser")
    if planted is None:
        return fout("de lijst van saldoverzoeken is niet opgehaald.")
    if not any(one.op > planted.op and one.id in planted.berichten for one in seen.van("saldoverzoek_lezen")):
        return fout("na een antwoord met een onbekend veld is het saldoverzoek erin niet geopend.")
    return goed("het onbekende veld hield niets tegen.")


_OPEN = frozenset({"nieuw", "hoger", "lager", "opnieuw", "gelijk"})
_DELIVERS = frozenset({"signaal", "aanleveren"})


def _taken(seen: Waargenomen, kaart: str) -> Gezien:
    times = seen.met(kaart)
    if not times:
        return fout("het signaal van de kaart is niet aangeboden.")
    if not any(regel.uitkomst == "bezorgd" for _, regel in times):
        codes = sorted({code for _, regel in times for code in regel.codes})
        return fout(f"het signaal is niet aangenomen ({', '.join(codes) or 'zonder code'}).")
    if len({regel.kenmerk for _, regel in times if regel.uitkomst == "bezorgd"}) > 1:
        return fout("hetzelfde signaal is onder meer dan een kenmerk aangenomen.")
    return goed("het signaal is aangenomen.")


def _mended(seen: Waargenomen, kaart: str) -> Gezien:
    times: Keren = seen.met(kaart)
    refused = [regel for _, regel in times if regel.uitkomst == "geweigerd"]
    if not refused:
        return fout("het signaal is niet aangeboden zoals het eerst op de kaart staat.")
    if not any(regel.uitkomst == "bezorgd" for _, regel in times):
        return fout("het geweigerde signaal kwam niet verbeterd terug.")
    return goed("het geweigerde signaal kwam verbeterd terug en is aangenomen.")

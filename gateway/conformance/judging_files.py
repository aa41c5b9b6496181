"""Judgements on a creditor that works with files. Pure; from what the mailbox and the inbox have, since what is in a file passes no door.

A card shows by its amount, of which each has its own. Authority: contract, files; `docs/bestanden-sftp.md`.
"""

from gateway.conformance.cards import BY_FILE, STAND
from gateway.conformance.observed import Bestand, Feit, Waargenomen
from gateway.conformance.scenario import Gezien, fout, goed

FIRST, PAID, WRONG = BY_FILE
_DONE = "verwerkt"


def compleet(seen: Waargenomen) -> Gezien:
    """A file is complete by its rename or its checksum; nothing is left half."""
    if not seen.bestanden:
        return fout("er is geen bestand gebracht.")
    if half := [one for one in seen.bestanden if one.staat in {"schrijvend", "klaargezet"}]:
        return fout(f"{len(half)} bestanden zijn niet hernoemd en hebben geen .sha256: die leest niemand.")
    if refused := [one for one in seen.bestanden if one.staat == "geweigerd"]:
        return fout(f"{len(refused)} bestanden zijn in hun geheel geweigerd; zie ontvangst.json.")
    if not _first(seen):
        return fout("er is nog geen bestand met signalen verwerkt.")
    return goed("elk bestand is compleet gebracht en verwerkt.")


def opgehaald(seen: Waargenomen) -> Gezien:
    """The receipt and the report of every file are collected."""
    done = [one for one in seen.bestanden if one.staat in {_DONE, "geweigerd"}]
    if not done:
        return fout("er is geen bestand verwerkt.")
    if left := [one for one in done if not one.opgehaald]:
        return fout(f"van {len(left)} van {len(done)} bestanden zijn ontvangstbewijs en verslag niet opgehaald.")
    return goed("van elk bestand zijn ontvangstbewijs en verslag opgehaald.")


def verbeterd(seen: Waargenomen) -> Gezien:
    """What a file had wrong comes back mended, and nothing else with it."""
    first = _first(seen)
    if first is None or not first.geweigerd:
        return fout("er is geen bestand verwerkt met de regel zoals hij eerst op de kaart staat.")
    if any(one.eerder for one in seen.bestanden):
        return fout("regels die al waren aangenomen, kwamen opnieuw.")
    if not _messages(seen, WRONG):
        return fout("de geweigerde regel kwam niet verbeterd terug.")
    return goed("alleen de geweigerde regel kwam terug, verbeterd.")


def ingetrokken(seen: Waargenomen) -> Gezien:
    """What was paid is withdrawn by a file."""
    found = _messages(seen, PAID)
    if not found:
        return fout("het signaal van de kaart is niet aangenomen.")
    if any(feit.staat != "ingetrokken" for feit in found):
        return fout(f"het signaal is niet ingetrokken; de staat is {found[0].staat}.")
    return goed("het signaal is ingetrokken.")


def stand(seen: Waargenomen) -> Gezien:
    """A stand file has the whole list."""
    if not any(one.soort == "stand" and one.staat == _DONE for one in seen.bestanden):
        return fout("er is geen bestand van soort stand verwerkt.")
    if missing := [name for name in STAND if not _messages(seen, name)]:
        return fout(f"{len(missing)} van {len(STAND)} kaarten van de stand zijn niet aangenomen.")
    return goed("de stand is verwerkt, met elke kaart erin.")


def _first(seen: Waargenomen) -> Bestand | None:
    return next((one for one in seen.bestanden if one.soort == "signalen" and one.staat == _DONE), None)


def _messages(seen: Waargenomen, card: str) -> tuple[Feit, ...]:
    return seen.berichten.get(card, ())

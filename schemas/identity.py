"""Canonical identity: what makes two records speak of the same address, person or contract.

Authority: `docs/contract.md` and the tables below, with vectors in `schemas/vectors/identity.json`. The result is the input of
a keyed pseudonym and is never stored or sent. Every field is length-prefixed, so that no value can pose as two. Leaves keys
and pseudonyms to `gateway.matching`. An identity that is not certain is absent, never guessed.
"""

import re
import unicodedata
from datetime import date
from functools import lru_cache

from schemas.signaal import Adres, Persoon

# One spelling per addition. BAG writes H for "huis" (Amsterdam), BIS or BS (Utrecht), RD and ZW (Haarlem); Roman numerals are
# floors. V and X alone stay letters, because they are letters of houses far more often.
ADDITIONS = {
    "HS": "H", "HUIS": "H",
    "BS": "BIS",
    "ROOD": "RD", "ZWART": "ZW",
    "PARTERRE": "BG", "PART": "BG", "BEGANEGROND": "BG",
    "SOUTERRAIN": "SOUT", "SOUS": "SOUT",
    "KAMER": "K", "KMR": "K",
    "APPARTEMENT": "", "APPT": "", "APP": "", "APT": "", "NR": "", "WONING": "", "WON": "",
    "BOVEN": "BV", "BOV": "BV", "BVN": "BV", "BENEDEN": "BEN", "BNDN": "BEN", "BND": "BEN",
    "ACHTER": "ACH", "ACHT": "ACH", "AHS": "ACH", "ACHTERHUIS": "ACH", "VOOR": "VR", "VHS": "VR", "VOORHUIS": "VR",
    "LINKS": "LI", "LNKS": "LI", "RECHTS": "RE", "RHTS": "RE",
    "TEGENOVER": "TO", "UNIT": "U", "STUDIO": "ST", "KELDER": "KLD", "ZOLDER": "ZOL", "GARAGE": "GAR",
    "I": "1", "II": "2", "III": "3", "IV": "4", "VI": "6", "VII": "7", "VIII": "8", "IX": "9",
}  # fmt: skip
# "2e verdieping", "2-hoog", "1ste etage" -> the number alone
_FLOOR = re.compile(r"([0-9]+|[IVX]+)[\W_]*(?:E|DE|STE)?[\W_]*(?:HOOG|HG|VERDIEPING|VERD|ETAGE|ET)\b")
_TOKEN = re.compile(r"[0-9]+|[^\W0-9_]+")
# Prefixes that creditors write into the surname field.
PREFIXES = frozenset({
    "van", "von", "de", "den", "der", "des", "het", "'t", "'s", "ter", "ten", "te", "tot", "in", "op", "aan", "bij", "uit", "uijt",
    "voor", "onder", "over", "la", "le", "les", "du", "della", "di", "da", "dos",
})  # fmt: skip
_LETTERS = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i"})

_TOGETHER = {"elektriciteit": "energie", "gas": "energie"}


def join(*fields: str) -> bytes:
    """Fields as UTF-8, each after its length in bytes (2 bytes, big-endian). Raises OverflowError above 65,535 bytes."""
    return b"".join([len(data := field.encode()).to_bytes(2, "big") + data for field in fields])


@lru_cache(maxsize=32_768)
def addition(huisletter: str | None, toevoeging: str | None) -> str:
    """One spelling of what follows the house number: `("A", "2")`, `(None, "a-2")` and `(None, "A 2")` are all `A2`."""
    raw = _fold(f"{huisletter or ''} {toevoeging or ''}").upper().replace("BEGANE GROND", "BEGANEGROND")
    parts: list[str] = []
    for token in _TOKEN.findall(_FLOOR.sub(r" \1 ", raw)):
        part = str(int(token)) if token[0] in "0123456789" else ADDITIONS.get(token, token)
        if parts and part[:1].isdigit() and parts[-1][-1:].isdigit():
            parts.append("-")  # "1-1" is not "11"
        if part:
            parts.append(part)
    return "".join(parts)


def address(adres: Adres) -> bytes:
    """Postcode, house number and addition."""
    return address_of(adres.postcode, adres.huisnummer, adres.huisletter, adres.toevoeging)


def address_of(postcode: str, huisnummer: int, huisletter: str | None, toevoeging: str | None) -> bytes:
    """The same, from its parts."""
    return join("adres", postcode, str(huisnummer), addition(huisletter, toevoeging) if huisletter or toevoeging else "")


def surname(achternaam: str) -> str:
    """Folded letters and digits of a surname, without the prefixes it starts with; never empty unless it has no letter at all."""
    words = [word for word in re.split(r"[\s.,]+", _fold(achternaam).casefold().translate(_LETTERS)) if word]
    while len(words) > 1 and words[0].replace("’", "'") in PREFIXES:
        del words[0]
    return "".join(character for word in words for character in word if character.isalnum())


def person(persoon: Persoon) -> bytes | None:
    """Birth date and surname; None without a birth date or without a letter in the surname."""
    return None if persoon.geboortedatum is None else person_of(persoon.achternaam, persoon.geboortedatum)


def person_of(achternaam: str, geboortedatum: date) -> bytes | None:
    """The same, from its parts."""
    name = surname(achternaam)
    return join("persoon", geboortedatum.isoformat(), name) if name else None


def contract(principal: str, sector: str, contractkenmerk: str | None) -> bytes | None:
    """The creditor's own contract; None when it names none. Electricity and gas of one supplier stand under one contract."""
    return None if contractkenmerk is None else join("contract", principal, _TOGETHER.get(sector, sector), contractkenmerk)


def _fold(text: str) -> str:
    if text.isascii():
        return text
    return "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))

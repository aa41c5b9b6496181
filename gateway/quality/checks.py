"""Does what was filled in look usable: postcode and town, telephone, e-mail, name, address, persons. Warns only, never stops a signal.

Authority: AVG art. 5(1)(d) (accuracy), rule VS-24; conventions, no law. A finding names the check and the place, never the value. Cheap by
design: one regular expression per telephone number, and the number plans of other countries only for what that one does not know, once per
number. Leaves counting to `gateway.signals.quality` and which towns a postcode has to `gateway.routing`.
"""

import re
from collections.abc import Callable, Iterator
from functools import lru_cache

import phonenumbers

from schemas.ontvangst import Bevinding
from schemas.signaal import Adres, Contact, Persoon, Signaal

PREFIX = "KWALITEIT_"
Fits = Callable[[str, str], bool]
"""Whether a town lies in a postcode; true for a postcode that nobody knows."""
WORDS = {
    "KWALITEIT_POSTCODE": "De woonplaats past niet bij de postcode.",
    "KWALITEIT_TELEFOON": "Dit telefoonnummer bestaat niet of is niet van een persoon te bellen.",
    "KWALITEIT_EMAIL": "Dit e-mailadres kan zo niet bestaan of heeft een bekende typefout in het domein.",
    "KWALITEIT_NAAM": "De achternaam is een plaatshouder of heeft geen letters.",
    "KWALITEIT_ADRES": "De toevoeging herhaalt een ander deel van het adres of is een plaatshouder.",
    "KWALITEIT_PERSOON": "Dezelfde persoon staat twee keer in het signaal.",
}
# The Dutch number plan: 6 mobile without the ranges for paging and machines (66, 67, 69), geographic areas, 85, 87 and 88.
_DUTCH = re.compile(r"\+31(6[1-58][0-9]{7}|[1-57][0-9]{8}|8[578][0-9]{7})")
_ALIKE = re.compile(r"\+[0-9]+?([0-9])\1{7,}")
_LOCAL = re.compile(r"(?!\.)(?!.*\.\.).*(?<!\.)")
_DOMAIN = re.compile(r"(?i)((?!-)[a-z0-9-]+(?<!-)\.)+(xn--[a-z0-9-]+|[a-z]{2,24})")
_MISTYPED = frozenset({
    "gmial.com", "gmai.com", "gamil.com", "gmail.con", "gmail.co", "gmail.nl", "hotmial.com", "hotmai.com", "hotmail.con", "homail.com",
    "outlok.com", "outlook.con", "live.n", "ziggo.com", "kpnmail.com",
})  # fmt: skip
_NO_MAIL = frozenset({"geenemail.nl", "geen.nl", "onbekend.nl", "nomail.com", "noemail.com", "test.nl", "test.com"})
_NO_NAME = frozenset({
    "onbekend", "test", "testen", "tester", "nvt", "n.v.t.", "n.v.t", "geen", "bewoner", "bewoners", "de bewoner", "huurder", "klant",
    "anoniem", "unknown", "xxx", "xx", "x", "nn", "n.n.", "naam", "achternaam", "erven", "leegstand",
})  # fmt: skip
_NO_ADDITION = frozenset({"-", "--", ".", "0", "x", "nvt", "n.v.t.", "geen", "onbekend"})


class Quality:
    """All checks. `fits` knows which towns a postcode has."""

    def __init__(self, fits: Fits) -> None:
        self._fits = fits

    def __call__(self, signaal: Signaal, base: str) -> tuple[Bevinding, ...]:
        """The findings of one signal; `base` is its JSON pointer."""
        found = list(self._found(signaal))
        return tuple(_finding(code, base + pointer) for code, pointer in found) if found else ()

    def _found(self, s: Signaal) -> Iterator[tuple[str, str]]:
        if not self._fits(s.adres.postcode, s.adres.woonplaats):
            yield "KWALITEIT_POSTCODE", "/adres/woonplaats"
        if s.adres.toevoeging is not None and not _is_addition(s.adres, s.adres.toevoeging):
            yield "KWALITEIT_ADRES", "/adres/toevoeging"
        for nr, person in enumerate(s.personen):
            if not _is_name(person.achternaam):
                yield "KWALITEIT_NAAM", f"/personen/{nr}/achternaam"
        if len(s.personen) == 2 and _who(s.personen[0]) == _who(s.personen[1]):
            yield "KWALITEIT_PERSOON", "/personen/1"
        if s.contact is not None:
            yield from _unreachable(s.contact)


def nothing(_signaal: Signaal, _base: str) -> tuple[Bevinding, ...]:
    """No check at all."""
    return ()


def is_dialable(number: str) -> bool:
    """Whether a number (E.164) can be that of a person's telephone."""
    if number.startswith("+31"):
        return _DUTCH.fullmatch(number) is not None and not _ALIKE.fullmatch(number)
    return _elsewhere(number)


def is_mail(address: str) -> bool:
    """Whether an address of the right form can exist."""
    local, _, domain = address.rpartition("@")
    low = domain.lower()
    return bool(_LOCAL.fullmatch(local) and _DOMAIN.fullmatch(low)) and low not in _MISTYPED and low not in _NO_MAIL


@lru_cache(maxsize=4096)
def _elsewhere(number: str) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number))
    except phonenumbers.NumberParseException:
        return False


def _unreachable(contact: Contact) -> Iterator[tuple[str, str]]:
    for nr, number in enumerate(contact.telefoonnummers or ()):
        if not is_dialable(number):
            yield "KWALITEIT_TELEFOON", f"/contact/telefoonnummers/{nr}"
    for nr, address in enumerate(contact.emailadressen or ()):
        if not is_mail(address):
            yield "KWALITEIT_EMAIL", f"/contact/emailadressen/{nr}"


def _is_name(name: str) -> bool:
    low = name.strip().casefold()
    return low not in _NO_NAME and any(c.isalpha() for c in low)


def _is_addition(a: Adres, addition: str) -> bool:
    low = addition.strip().casefold()
    return low not in _NO_ADDITION and low != str(a.huisnummer) and (a.huisletter is None or low != a.huisletter.casefold())


def _who(p: Persoon) -> tuple[object, ...]:
    return p.achternaam.casefold(), p.voorletters.casefold(), p.geboortedatum


def _finding(code: str, pointer: str) -> Bevinding:
    article = "AVG art. 5 lid 1 onder d"
    return Bevinding(code=code, oordeel="waarschuwing", melding=WORDS[code], pointer=pointer, regel="VS-24", artikel=article)

"""What goes wrong in real deliveries, one kind at a time, with the code that the gateway must answer.

Authority: the rule ids in `docs/regels.md` and the codes in `docs/foutcodes.md`. Each defect changes one thing in a lawful
signal and leaves the original as it was. Leaves the mix of good and bad to `generator`.
"""

from collections.abc import Callable
from copy import deepcopy
from datetime import date, timedelta
from typing import Any, NamedTuple

Signal = dict[str, Any]

UNKNOWN_POSTCODE = "1999AA"  # no area has these four digits
AMBIGUOUS = {"postcode": "4062AB", "woonplaats": "Zennewijnen"}  # one town in two municipalities (Tiel, West Betuwe)
BSN_LIKE = "999990342"  # test range 9999xxxxx, passes the eleven-test


class Kind(NamedTuple):
    """A defect: its name, the code of the finding that refuses or holds the record (None: it is taken), whether it repeats a record."""

    name: str
    code: str | None
    repeats: bool = False


KINDS = (
    Kind("geen_herinnering", "GEEN_HERINNERING"),
    Kind("klant_maakt_bezwaar", "KLANT_MAAKT_BEZWAAR"),
    Kind("datum_in_toekomst", "DATUM_IN_TOEKOMST"),
    Kind("postcode_onbekend", "POSTCODE_ONBEKEND"),
    Kind("postcode_meerduidig", "POSTCODE_MEERDUIDIG"),
    Kind("bsn_in_naam", "BSN_NIET_TOEGESTAAN"),
    Kind("postcode_misvormd", "VORM_ONJUIST"),
    Kind("geboortedatum_ontbreekt", None),
    Kind("bedrag_nul", "TE_LAAG"),
    Kind("oud_klant", None),
    Kind("onbekend_veld", "VELD_NIET_TOEGESTAAN"),
    Kind("telefoon_zonder_landcode", "VORM_ONJUIST"),
    Kind("kenmerk_hergebruikt", "KENMERK_IN_GEBRUIK", repeats=True),
    Kind("tweemaal", None, repeats=True),
)


def defects(signal: Signal, kind: str) -> Signal:
    """A copy of a lawful `signal` with one defect.

    `kenmerk_hergebruikt` and `tweemaal` are defects only after the original was delivered.

    Raises:
        KeyError: no such kind.
    """
    changed = deepcopy(signal)
    _CHANGES[kind](changed)
    return changed


def _future(signal: Signal) -> None:
    signal["signaaldatum"] = (date.fromisoformat(signal["signaaldatum"]) + timedelta(days=30)).isoformat()


def _bsn(signal: Signal) -> None:
    signal["personen"][0]["achternaam"] += f" {BSN_LIKE}"


def _national_phone(signal: Signal) -> None:
    signal["contact"] = {**(signal.get("contact") or {}), "telefoonnummers": ["0612345678"]}


def _no_birth_date(signal: Signal) -> None:
    for person in signal["personen"]:
        person.pop("geboortedatum", None)


def _higher(signal: Signal) -> None:
    signal["achterstand"]["bedragCent"] += 1


_CHANGES: dict[str, Callable[[Signal], object]] = {
    "geen_herinnering": lambda s: s["inspanning"].update(herinneringen=[]),
    "klant_maakt_bezwaar": lambda s: s["inspanning"]["gegevensdelingAangeboden"].update(reactie="afwijzend"),
    "datum_in_toekomst": _future,
    "postcode_onbekend": lambda s: s["adres"].update(postcode=UNKNOWN_POSTCODE),
    "postcode_meerduidig": lambda s: s["adres"].update(AMBIGUOUS),
    "bsn_in_naam": _bsn,
    "postcode_misvormd": lambda s: s["adres"].update(postcode="2011 ab"),
    "geboortedatum_ontbreekt": _no_birth_date,
    "bedrag_nul": lambda s: s["achterstand"].update(bedragCent=0),
    "oud_klant": lambda s: s["inspanning"].update(klantrelatieActief=False),
    "onbekend_veld": lambda s: s.update(gezinssamenstelling="alleenstaand"),
    "telefoon_zonder_landcode": _national_phone,
    "kenmerk_hergebruikt": _higher,
    "tweemaal": lambda _: None,
}

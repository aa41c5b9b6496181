"""Builders: a lawful signal per sector, changed at a path, as the links of the flow; and a register that takes it."""

import copy
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID

import msgspec

from gateway.core.chain import Fresh, Inbound, Lawful, Named, Parsed, Routed, Sender, Stopped, Trace
from gateway.partners.register import Deelnemer, GemeenteInstelling, Overeenkomst, Register, Verklaring
from gateway.partners.sealkeys import Gemeentesleutel
from schemas import strict
from schemas.ontvangst import Bevinding
from schemas.signaal import Signaal

OIN = "00000099000000001000"
NAME = "Voorbeeld"
LEGAL = ("huur", "elektriciteit", "gas", "warmte", "drinkwater", "zorgverzekering")
EXPERIMENTS = ("hypotheek", "cak_eigen_bijdrage", "belastingdienst")
ROLES = frozenset({"signaalpartner", "experiment_hypotheek", "experiment_cak", "experiment_belastingdienst"})
REFUSED = ("telecom", "webwinkel", "gemeentelijke_belastingen", "hypotheek", "cak_eigen_bijdrage", "belastingdienst", "toeslagen", "boetes")
RECEIVED = datetime(2026, 11, 22, 11, tzinfo=UTC)
BSN = "999990342"  # test range, passes the eleven-test

_SIGNAL: dict[str, Any] = {
    "kenmerk": "K-2026-S000123",
    "soort": "vroegsignaal",
    "sector": "huur",
    "handelsnaam": NAME,
    "signaaldatum": "2026-11-20",
    "achterstand": {"bedragCent": 45012, "ontstaansdatum": "2026-09-01"},
    "personen": [{"rol": "contractant", "voorletters": "J.", "voorvoegsel": "de", "achternaam": "Vries", "geboortedatum": "1985-03-07"}],
    "adres": {"postcode": "2011AB", "huisnummer": 12, "huisletter": "A", "toevoeging": "2", "woonplaats": "Haarlem"},
    "contact": {"telefoonnummers": ["+31612345678"], "emailadressen": ["j@example.nl"]},
    "klantnummer": "884412",
    "contractkenmerk": "C-55120",
    "inspanning": {
        "wijze": "gegevens",
        "contacten": [{"kanaal": "telefoon", "datum": "2026-10-28", "initiatief": "schuldeiser", "bereikt": False}],
        "herinneringen": ["2026-09-15", "2026-10-05", "2026-10-25"],
        "gewezenOpSchuldhulp": "2026-10-05",
        "gegevensdelingAangeboden": {"datum": "2026-10-05", "reactie": "geen"},
        "betalingsregeling": "geen",
        "klantrelatieActief": True,
    },
}
DROP = object()
"""As a value in `changes`: take the member out."""


def wire(changes: dict[str, Any] | None = None, sector: str = "huur") -> dict[str, Any]:
    """A lawful signal of a sector in wire form with members replaced: `{"inspanning.herinneringen": []}`, list items by number."""
    signal = copy.deepcopy(_SIGNAL)
    signal["sector"] = sector
    for path, value in (changes or {}).items():
        *parents, last = path.split(".")
        target: Any = signal
        for name in parents:
            target = target[int(name)] if isinstance(target, list) else target.setdefault(name, {})
        if value is DROP:
            target.pop(last, None)
        else:
            target[int(last) if isinstance(target, list) else last] = value
    return signal


def fresh(signal: dict[str, Any], received: datetime = RECEIVED, nr: int = 0) -> Fresh:
    """The signal as the rules get it."""
    parsed = strict.convert(signal, Signaal)
    inbound = Inbound(nr, Sender(OIN, OIN), Trace("0" * 32, "0" * 16), received, "", signal)
    return Fresh(Parsed(inbound, parsed, b""), b"", b"", None)


def lawful(signal: dict[str, Any], received: datetime = RECEIVED, findings: tuple[Bevinding, ...] = ()) -> Lawful:
    """The signal as routing gets it."""
    return Lawful(fresh(signal, received), findings)


CONTRACT = b"c" * 32


def named(
    signal: dict[str, Any],
    gemeente: str = "0392",
    row: str = "WGS-3-1-b/huur/2021",
    findings: tuple[Bevinding, ...] = (),
    earlier: UUID | None = None,
) -> Named:
    """The signal as the context rules get it; `earlier` is the message that its `eerderKenmerk` was found to be."""
    found = lawful(signal, findings=findings)
    found = msgspec.structs.replace(found, fresh=msgspec.structs.replace(found.fresh, earlier=earlier))
    return Named(Routed(found, gemeente, "WGS-3-1-b", row, "v", "https://a.example/", ()), 1, b"", None, CONTRACT)


def creditor(**changes: Any) -> Deelnemer:
    """A creditor registered for everything."""
    facts: dict[str, Any] = {
        "oin": OIN,
        "naam": NAME,
        "rollen": frozenset({"signaalpartner"}),
        "status": "actief",
        "sectoren": frozenset({*LEGAL, *REFUSED}),
        "handelsnamen": frozenset({NAME}),
    }
    return Deelnemer(**{**facts, **changes})


def register(
    who: Deelnemer | None = None,
    verklaringen: tuple[Verklaring, ...] = (),
    gemeenten: tuple[GemeenteInstelling, ...] | None = None,
    overeenkomsten: tuple[Overeenkomst, ...] = (),
) -> Register:
    """A register with one creditor and, unless given, Haarlem."""
    takes_part = gemeenten if gemeenten is not None else (desk(),)
    keys = [Gemeentesleutel(place.gemeentecode, "1", "beheerd", {}) for place in takes_part]
    return Register(1, [who or creditor()], verklaringen=verklaringen, gemeenten=takes_part, overeenkomsten=overeenkomsten, sleutels=keys)


def desk(**changes: Any) -> GemeenteInstelling:
    """A municipality whose desk is open and that takes every optional field."""
    facts: dict[str, Any] = {
        "gemeentecode": "0392",
        "naam": "Haarlem",
        "loket_open_vanaf": date(2021, 1, 1),
        "optionele_velden": frozenset({"geboortedatum", "klantnummer"}),
    }
    return GemeenteInstelling(**{**facts, **changes})


def declaration(**changes: Any) -> Verklaring:
    """A declaration that covers the lawful signal."""
    facts: dict[str, Any] = {
        "principaal": OIN,
        "id": "V-1",
        "sector": "huur",
        "getekend_op": date(2026, 1, 1),
        "geldig_van": date(2026, 1, 1),
        "geldig_tot": date(2026, 12, 31),
    }
    return Verklaring(**{**facts, **changes})


def outcome(result: Any) -> tuple[str, set[str]]:
    """`verder`, `geweigerd` or `in_quarantaine`, with the findings as `id CODE`, a `!` behind those that do not only warn."""
    stopped = isinstance(result, Stopped)
    findings = result.outcome.findings if stopped else result.findings
    shown = {f"{f.regel} {f.code}" + ("" if f.oordeel == "waarschuwing" else "!") for f in findings}
    return (result.outcome.status if stopped else "verder"), shown

"""(4) Route: one municipality that takes part, along one row of the purpose register, or the record stops.

Authority: rule RT-01 (Wgs art. 1 and 3) and RT-02 (AVG art. 5 lid 1 onder b). The municipality is that of the day of receipt, so
that a merger does not strand a signal dated before it. The purpose register comes as a function: steps do not know each other.
The only place that makes `Routed`.
"""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import ClassVar, Literal, Protocol

from gateway.core.chain import Lawful, Outcome, Routed, Stopped
from gateway.core.clock import dutch_day
from gateway.partners.register import Register
from gateway.routing.municipalities import Ambiguous, Found, Municipalities
from schemas.inbox import Veldgroep
from schemas.ontvangst import Bevinding, Signaalstatus

SENDER = "signaalpartner"
RECEIVER = "gemeente"


class Denial(Protocol):
    """The purpose register has no row."""

    allowed: ClassVar[Literal[False]]

    @property
    def register_version(self) -> str:
        """The version of the register (SHA-256, hex)."""
        ...


class Permit(Protocol):
    """What the purpose register says of a message that may travel."""

    allowed: ClassVar[Literal[True]]

    @property
    def doel(self) -> str:
        """The purpose."""
        ...

    @property
    def row(self) -> str:
        """The id of the row."""
        ...

    @property
    def register_version(self) -> str:
        """The version of the register (SHA-256, hex)."""
        ...

    @property
    def activity(self) -> str:
        """The URI of the processing activity."""
        ...

    @property
    def groups(self) -> tuple[Veldgroep, ...]:
        """The field groups that may travel."""
        ...

    @property
    def artikel(self) -> str:
        """The article of the row."""
        ...

    @property
    def triage(self) -> tuple[str, ...]:
        """The triage attributes that may be kept beside the message."""
        ...


Purposes = Callable[[str, str, str, str, date], Permit | Denial]
"""Sender role, sector, kind, receiver role, day -> the decision."""


def route_record(lawful: Lawful, municipalities: Municipalities, purposes: Purposes, register: Register) -> Routed | Stopped:
    """Find the municipality and the purpose row of one record."""
    inbound, s = lawful.fresh.parsed.inbound, lawful.fresh.parsed.signaal
    sender = register.partner(inbound.sender.principal)
    role = SENDER if sender is not None and SENDER in sender.rollen else ""
    permit = purposes(role, s.sector, s.soort, RECEIVER, s.signaaldatum)
    if not permit.allowed:
        return _stop(lawful, "geweigerd", _NOT_ALLOWED, version=permit.register_version)
    a = s.adres
    route = municipalities.route(a.postcode, a.woonplaats, a.gemeentecode, a.huisnummer, _day(inbound.received))
    if isinstance(route, Found):
        if route.code not in register.gemeenten or register.sealing_key(route.code) is None:
            return _stop(lawful, "geweigerd", _ABSENT)
        return Routed(
            lawful,
            route.code,
            permit.doel,
            permit.row,
            permit.register_version,
            permit.activity,
            permit.groups,
            permit.artikel,
            permit.triage,
        )
    if isinstance(route, Ambiguous):
        return _stop(lawful, "geweigerd", _AMBIGUOUS, list(route.candidates))
    return _stop(lawful, "in_quarantaine", _UNKNOWN)


_day = lru_cache(maxsize=8)(dutch_day)

_WHERE = "Wgs art. 1 en 3 lid 1 onder b"
_NOT_ALLOWED = Bevinding(
    code="DOEL_NIET_TOEGESTAAN",
    oordeel="fout",
    melding="Het doelbindingsregister heeft op de signaaldatum geen rij voor deze rol, sector en soort.",
    pointer="/soort",
    regel="RT-02",
    artikel="AVG art. 5 lid 1 onder b",
)
_ABSENT = Bevinding(
    code="GEMEENTE_NEEMT_NIET_DEEL",
    oordeel="fout",
    melding="De gemeente van dit adres neemt niet deel; zie dekking voor de gemeenten die uw signalen ontvangen.",
    pointer="/adres",
    regel="RT-01",
    artikel=_WHERE,
)
_AMBIGUOUS = Bevinding(
    code="POSTCODE_MEERDUIDIG",
    oordeel="fout",
    melding="Postcode en woonplaats wijzen niet een gemeente aan; lever opnieuw aan met adres.gemeentecode uit de kandidaten.",
    pointer="/adres/postcode",
    regel="RT-01",
    artikel=_WHERE,
)
_UNKNOWN = Bevinding(
    code="POSTCODE_ONBEKEND",
    oordeel="quarantaine",
    melding="Deze postcode is niet bekend; controleer hem en lever het signaal opnieuw aan.",
    pointer="/adres/postcode",
    regel="RT-01",
    artikel=_WHERE,
)


def _stop(
    lawful: Lawful, status: Signaalstatus, template: Bevinding, candidates: list[str] | None = None, version: str | None = None
) -> Stopped:
    inbound, s = lawful.fresh.parsed.inbound, lawful.fresh.parsed.signaal
    finding = Bevinding(
        code=template.code,
        oordeel=template.oordeel,
        melding=template.melding,
        pointer=f"{inbound.pointer}{template.pointer}",
        regel=template.regel,
        artikel=template.artikel,
        kandidaten=candidates,
    )
    outcome = Outcome(status, (*lawful.findings, finding), kenmerk=s.kenmerk, sector=s.sector, register_version=version)
    return Stopped(inbound.nr, outcome)

"""Settings of a municipality: read, check against the others, keep as a new version, and log, in one transaction.

Authority: contract, "`PUT instellingen/…`"; decision 0008. What is wrong is refused with every finding; a setting that says what
already holds makes no new version and no entry. Leaves the checks to `gateway.triage.validity`.
"""

from collections.abc import Callable, Iterable
from datetime import date
from typing import Any, NamedTuple, TypeVar

import msgspec
import psycopg

from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_day
from gateway.core.errors import Conflict, Invalid
from gateway.inboxes.desk import Desk
from gateway.partners import choices
from gateway.partners.register import Register
from gateway.privacylog import append
from gateway.privacylog.entry import Frame
from gateway.privacylog.settings import InstellingGewijzigd
from gateway.store.tenant import municipality
from gateway.triage import baskets, validity
from schemas.instellingen import (
    Drempels,
    DrempelsStand,
    Inhaalslag,
    InhaalslagStand,
    OptioneelVeld,
    Opvolgpartners,
    OpvolgpartnersStand,
    Stand,
    Termijnregels,
    TermijnregelsStand,
    Velden,
    VeldenStand,
    Werkbakken,
    WerkbakkenStand,
)
from schemas.keyed import Keyed
from schemas.ontvangst import Bevinding

PARTNER = "uitvoerder"
DOEL = "WGS-3-1-b"
T = TypeVar("T", Drempels, Velden, Werkbakken, Opvolgpartners, Termijnregels, Inhaalslag)
NO_PARTNERS = Opvolgpartners(opvolgpartners=[])
_STANDS: dict[type, Callable[..., Stand]] = {
    Drempels: DrempelsStand,
    Velden: VeldenStand,
    Werkbakken: WerkbakkenStand,
    Opvolgpartners: OpvolgpartnersStand,
    Termijnregels: TermijnregelsStand,
    Inhaalslag: InhaalslagStand,
}


class Place(NamedTuple):
    """Whose settings: the municipality, and the register as it is now."""

    gemeente: str
    register: Register


def read(place: Place, kind: type[T], desk: Desk) -> Stand:
    """The setting that holds, with its version; version 0 is the default, or what was registered at onboarding."""
    with desk.database.transaction(municipality(place.gemeente)) as connection:
        return _stand(connection, place, kind, desk.seals)


def change(caller: Sender, place: Place, trace: Trace, new: T, desk: Desk) -> Stand:
    """Replace a setting. Raises Invalid, or Conflict when it only does not fit the register or other settings; with every finding."""
    with desk.database.transaction(municipality(place.gemeente)) as connection:
        findings = list(_findings(connection, place, new, desk, dutch_day(desk.clock.now())))
        if findings:
            kind = Conflict if all(finding.code in validity.OUTSIDE for finding in findings) else Invalid
            raise kind("INSTELLING_ONGELDIG", "Deze instelling kan zo niet gelden; zie errors.", errors=findings)
        version, fresh = choices.save(connection, place.gemeente, new, desk.clock.now(), caller.party, desk.seals)
        if fresh:
            frame = Frame(caller, trace, desk.clock.now(), desk.activity("beheren"))
            entry = InstellingGewijzigd(
                **frame.fields(), gemeente=place.gemeente, onderdeel=choices.NAMES[type(new)], registerversie=str(version.nr)
            )
            append.append(connection, [entry])
        return _STANDS[type(new)](versie=version.nr, gewijzigd_op=version.changed, instelling=new)


def terms(connection: psycopg.Connection[Any], gemeente: str, keyed: Keyed) -> Termijnregels:
    """The municipality's own terms. Raises Misconfigured: they lack their seal."""
    return choices.current(connection, gemeente, Termijnregels, Termijnregels(), keyed)


def follow_up(connection: psycopg.Connection[Any], gemeente: str, keyed: Keyed) -> Opvolgpartners:
    """The municipality's follow-up partners. Raises Misconfigured: they lack their seal."""
    return choices.current(connection, gemeente, Opvolgpartners, NO_PARTNERS, keyed)


def _stand(connection: psycopg.Connection[Any], place: Place, kind: type[T], keyed: Keyed) -> Stand:
    found = choices.newest(connection, place.gemeente, kind, keyed)
    if found is None:
        return _STANDS[kind](versie=0, instelling=_default(kind, place))
    return _STANDS[kind](versie=found.nr, gewijzigd_op=found.changed, instelling=msgspec.json.decode(found.value, type=kind))


def _default(kind: type, place: Place) -> object:
    registered = place.register.gemeenten.get(place.gemeente)
    if kind is Drempels:
        limit = registered.drempel_cent if registered else None
        sectors = sorted({sector for d in place.register.deelnemers.values() for sector in d.sectoren}) if limit else []
        return Drempels(drempels=dict.fromkeys(sectors[:30], limit or 1))
    if kind is Velden:
        taken: list[OptioneelVeld] = ["geboortedatum", "klantnummer"]
        fields = place.register.optional_fields(place.gemeente)
        return Velden(optionele_velden=[field for field in taken if field in fields])
    others: dict[type, object] = {
        Werkbakken: baskets.DEFAULT,
        Opvolgpartners: NO_PARTNERS,
        Termijnregels: Termijnregels(),
        Inhaalslag: Inhaalslag(),
    }
    return others[kind]


def _findings(connection: psycopg.Connection[Any], place: Place, new: object, desk: Desk, day: date) -> Iterable[Bevinding]:
    if isinstance(new, Werkbakken):
        fields = choices.replaceable(connection, place.gemeente, Velden, Velden(optionele_velden=[]), desk.seals)
        partners = choices.replaceable(connection, place.gemeente, Opvolgpartners, NO_PARTNERS, desk.seals)
        return validity.baskets(new, partners, fields)
    if isinstance(new, Opvolgpartners):
        used = choices.replaceable(connection, place.gemeente, Werkbakken, baskets.DEFAULT, desk.seals)
        key = place.register.sealing_key(place.gemeente)
        return validity.partners(
            new,
            used,
            desk.purposes.groups_for(DOEL, PARTNER, day),
            lambda oin: _mandated(place, oin, day),
            own_key=key is not None and key.wijze == "eigen",
        )
    return ()


def _mandated(place: Place, oin: str, day: date) -> bool:
    """Whether a partner may act for this municipality as `uitvoerder` on a day."""
    principals = place.register.principals(oin, PARTNER, day)
    return any((p := place.register.partner(of)) is not None and p.gemeentecode == place.gemeente for of in principals)

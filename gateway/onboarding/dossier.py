"""All that a participant has shown, collected from the register: only rows with their seal, as they count on one moment.

What somebody wrote past the gateway lacks its seal and opens no gate. Leaves what must be there to `poorten`.
"""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, NamedTuple

import msgspec
import psycopg

from gateway.core.clock import dutch_day
from gateway.onboarding import certificaten
from gateway.onboarding.toetsen import counts
from gateway.partners import administration
from gateway.partners.dossier import Aansluiting, Certificaatinhoud, Proeftoelating, Schaduwproef, Stuk, Toets
from gateway.partners.mailroom import Ophaaladres, SftpSleutel, opens
from gateway.partners.register import Certificaat, Deelnemer, GemeenteInstelling, Mandaat, Overeenkomst, holds
from gateway.partners.rows import read
from gateway.partners.sealkeys import Gemeentesleutel
from schemas.keyed import Keyed

AgreementNeeded = Callable[[str, date], bool]
_UNDER_WAY = frozenset({"schaduw", "actief"})
Connection = psycopg.Connection[Any]
NO_VOICE = frozenset({"integrator", "toezichthouder", "verwerker"})
"""Mandates under which nobody speaks in a participant's name (decision 0040)."""


class Outside(NamedTuple):
    """What a dossier is judged with that does not stand in the register.

    `trusted`: the authorities that the doors trust (PEM); `testkeys`: the JWK set of gateways whose conformance results count.
    """

    now: datetime
    trusted: bytes
    agreement_needed: AgreementNeeded
    testkeys: Mapping[str, Any]


class Dossier(msgspec.Struct, frozen=True, kw_only=True):
    """What counts now. `kinds`: roles, and `tussenpersoon`; `gebruik`: None when it was never said.

    `certificaten`: of each that is registered and not revoked why it will not do, None when it will. `sftp`: files can come.
    `mandaten`: roles held for others; `gemachtigd`: somebody under way acts for it. `proven`: mouths through which it
    made a shadow delivery that was good; `proven_by_others`: somebody who acts for it did.
    """

    oin: str
    status: str
    proef: bool = False
    kinds: frozenset[str] = frozenset()
    gebruik: frozenset[str] | None = None
    certificaten: tuple[str | None, ...] = ()
    sftp: bool = False
    mandaten: frozenset[str] = frozenset()
    gemachtigd: bool = False
    toetsen: tuple[Toets, ...] = ()
    stukken: frozenset[str] = frozenset()
    loket: bool = False
    needs_agreement: frozenset[str] = frozenset()
    agreed: frozenset[str] = frozenset()
    proven: frozenset[str] = frozenset()
    proven_by_others: bool = False

    @property
    def declared(self) -> frozenset[str]:
        """The mouths that it said to use."""
        return frozenset(use.partition("/")[0] for use in self.gebruik or ())

    @property
    def monden(self) -> frozenset[str]:
        """The mouths that are declared, or that a registered key or certificate opens."""
        opened = {"api"} if self.certificaten else set()
        return self.declared | opened | ({"bestand"} if self.sftp else set())


def collect(connection: Connection, oin: str, keyed: Keyed, outside: Outside) -> Dossier | None:
    """The dossier of a participant; None when it is not registered, or its row lacks its seal."""
    rows = [row for _, row, sealed in administration.about(connection, oin, keyed) if sealed]
    partner = next((row for row in rows if isinstance(row, Deelnemer)), None)
    if partner is None:
        return None
    day = dutch_day(outside.now)
    rehearsed = [row for row in rows if isinstance(row, Schaduwproef) and row.in_orde > 0]
    mandates = [row for row in rows if isinstance(row, Mandaat) and holds(row.geldig_van, row.geldig_tot, day)]
    held = frozenset(row.rol for row in mandates if row.gemachtigde == oin)
    return Dossier(
        oin=oin,
        status=partner.status,
        proef=any(isinstance(row, Proeftoelating) for row in rows),
        kinds=partner.rollen | ({"tussenpersoon"} if held & {"schuldeiser", "signaalpartner"} else set()),
        gebruik=next((row.gebruik for row in rows if isinstance(row, Aansluiting)), None),
        certificaten=_certificates(rows, outside),
        sftp=any(_brings(row, outside.now) for row in rows),
        mandaten=held,
        gemachtigd=any(
            _under_way(connection, row.gemachtigde, keyed) for row in mandates if row.principaal == oin and row.rol not in NO_VOICE
        ),
        toetsen=tuple(row for row in rows if isinstance(row, Toets) and counts(row, outside.testkeys, outside.now)),
        stukken=frozenset(row.soort for row in rows if isinstance(row, Stuk) and holds(row.geldig_van, row.geldig_tot, day)),
        loket=_desk_open(connection, partner, keyed),
        needs_agreement=frozenset(s for s in partner.sectoren if outside.agreement_needed(s, day)),
        agreed=frozenset(r.sector for r in rows if isinstance(r, Overeenkomst) and holds(r.geldig_van, r.geldig_tot, day)),
        proven=frozenset(row.mond for row in rehearsed if row.partij == oin),
        proven_by_others=any(row.partij != oin for row in rehearsed),
    )


def _certificates(rows: list[Any], outside: Outside) -> tuple[str | None, ...]:
    contents = {row.vingerafdruk: row for row in rows if isinstance(row, Certificaatinhoud)}
    live = [row for row in rows if isinstance(row, Certificaat) and row.ingetrokken_op is None and row.geldig_tot >= outside.now]
    return tuple(_judged(row, contents.get(row.vingerafdruk), outside) for row in live)


def _judged(row: Certificaat, inhoud: Certificaatinhoud | None, outside: Outside) -> str | None:
    if inhoud is None or inhoud.oin != row.oin or not certificaten.readable(inhoud):
        return "van het certificaat is alleen de vingerafdruk bekend; registreer het certificaat zelf"
    return certificaten.wrong(inhoud.der, row.oin, outside.trusted, outside.now)


def _brings(row: object, now: datetime) -> bool:
    if isinstance(row, SftpSleutel):
        return opens(row, now)
    return isinstance(row, Ophaaladres) and row.ingetrokken_op is None


def _under_way(connection: Connection, oin: str, keyed: Keyed) -> bool:
    found = administration.partner(connection, oin, keyed)
    return found is not None and found.status in _UNDER_WAY


def _desk_open(connection: Connection, partner: Deelnemer, keyed: Keyed) -> bool:
    where, values = "WHERE gemeentecode = %(code)s", {"code": partner.gemeentecode}
    desk = any(sealed for _, sealed in read(connection, GemeenteInstelling, keyed, where, values))
    return desk and any(sealed for _, sealed in read(connection, Gemeentesleutel, keyed, where, values))

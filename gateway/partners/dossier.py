"""What a participant showed to be let in, as rows of the register: what it uses, papers, certificates, test results, shadow runs.

Authority: rules PR-02 and PR-03, AVG art. 28 and 35; contract, states. Leaves what has to be shown when to `gateway.onboarding`.
"""

from datetime import date, datetime
from uuid import UUID

import msgspec

from schemas.types import Oin


class Aansluiting(msgspec.Struct, frozen=True):
    """What a participant uses, as mouth and kind of message (`api/signaal`); nothing: others act for it."""

    oin: Oin
    gebruik: frozenset[str]


class Stuk(msgspec.Struct, frozen=True):
    """A paper over a period: `verwerkersovereenkomst` or `dpia`, by the reference and version that its owner files it under."""

    oin: Oin
    soort: str
    kenmerk: str
    versie: str
    geldig_van: date
    geldig_tot: date | None = None


class Certificaatinhoud(msgspec.Struct, frozen=True):
    """A registered certificate itself (DER), of which `vingerafdruk` is the SHA-256."""

    vingerafdruk: bytes
    oin: Oin
    der: bytes


class Toets(msgspec.Struct, frozen=True):
    """A conformance result that was verified when it was registered; `uitslag` is its canonical JSON with its signature."""

    oin: Oin
    id: UUID
    mond: str
    soorten: frozenset[str]
    geslaagd: bool
    getoetst_op: datetime
    uitslag: bytes


class Schaduwproef(msgspec.Struct, frozen=True):
    """One shadow delivery: how many records it offered, and how many would have been delivered."""

    id: UUID
    partij: Oin
    principaal: Oin
    mond: str
    tijd: datetime
    aangeboden: int
    in_orde: int


class Proeftoelating(msgspec.Struct, frozen=True):
    """A participant that an installation to try things on let in without its papers."""

    oin: Oin

"""Keys of others that we seal to, and versions of the names that we make for them, as rows of the register.

Authority: architecture, keys. Leaves what a key must be to `gateway.sealing.jwe`, and which is current to `gateway.partners.register`.
"""

from datetime import datetime
from typing import Any

import msgspec

from schemas.types import Gemeentecode, Oin


class Gemeentesleutel(msgspec.Struct, frozen=True):
    """A public key (JWK) that messages for a municipality are sealed to; `wijze` is `eigen` or `beheerd`."""

    gemeentecode: Gemeentecode
    kid: str
    wijze: str
    publiek: dict[str, Any]


class Partijsleutel(msgspec.Struct, frozen=True):
    """A public key (JWK) that a party registered for what is sealed to it; for who never did, the gateway keeps a pair.

    With `geldig_tot` it was taken back, and nothing new is sealed to it.
    """

    oin: Oin
    kid: str
    wijze: str
    publiek: dict[str, Any]
    geldig_tot: datetime | None = None


class Pseudoniemversie(msgspec.Struct, frozen=True):
    """Which versions of a municipality's pseudonyms are made, since when; `volgend` during an overlap."""

    gemeentecode: Gemeentecode
    leidend: int
    volgend: int | None
    sinds: datetime


Zegelsleutel = Gemeentesleutel | Partijsleutel

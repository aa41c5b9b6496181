"""What stands in a sealed field group, and how its key follows from the content key: the same for gateway and municipality.

Authority: `docs/crypto.md`, sealing; HKDF-SHA256 (RFC 5869), JWE `dir` + `A256GCM` (RFC 7516, 7518). A group key opens one
group of one message and says nothing about any other. Leaves encryption to `gateway.sealing` and opening to `adapters.client`.
"""

from typing import Literal
from uuid import UUID

from schemas.identity import join
from schemas.inbox import Veldgroep
from schemas.keyed import Keyed
from schemas.signaal import Adres, Contact, Persoon
from schemas.types import Kort, Wire

SALT = b"seinhuis/v1"
GROUP = "seinhuis/groep/v1"


class Identiteit(Wire, frozen=True, kw_only=True):
    """Group `identiteit`."""

    personen: list[Persoon]
    adres: Adres


class Klant(Wire, frozen=True, kw_only=True):
    """Group `klant`: how the creditor knows this customer."""

    klantnummer: Kort


Groep = Veldgroep | Literal["vraag", "antwoord", "machtiging"]
"""What has a key of its own: the field groups of a signal, and the question, answer and document of a schuldenoverzicht."""

CONTENT: dict[Veldgroep, type[Wire]] = {"identiteit": Identiteit, "contact": Contact, "klant": Klant}


def extract(content_key: bytes) -> Keyed:
    """HKDF-Extract: what the group keys of one content key expand from."""
    return Keyed(Keyed(SALT).digest(content_key))


def group_info(message: UUID | str, group: Groep) -> bytes:
    """The HKDF `info` of one group of one message: each part after its length."""
    return join(GROUP, str(message), group)


def expand(extracted: Keyed, message: UUID | str, group: Groep) -> bytes:
    """HKDF-Expand to 32 bytes: one block, so one HMAC."""
    return extracted.digest(group_info(message, group) + b"\x01")


def group_kid(message: UUID | str, group: Groep) -> str:
    """The `kid` that binds a JWE to its message and group."""
    return f"{message}.{group}"

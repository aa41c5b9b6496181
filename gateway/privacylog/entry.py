"""The form of a log entry: what every event says, its canonical bytes, and commitments instead of persons and content.

Authority: AVG art. 5 lid 2 and 30, Logboek dataverwerkingen (activity, trace and processor of each processing), RFC 8785,
`docs/crypto.md`, log. A commitment is an HMAC under a key of the log's own domain. Leaves the events themselves to `messages`,
`afterwards` and `settings`, and their union to `entries`.
"""

from base64 import urlsafe_b64encode
from datetime import UTC, datetime
from typing import Literal, TypedDict
from uuid import UUID

import msgspec

from gateway.core import ids
from gateway.core.chain import Sender, Trace
from schemas.identity import join
from schemas.inbox import Indeling, Veldgroep
from schemas.keyed import Keyed
from schemas.types import Gemeentecode, Oin

_SUBJECT, _PERSON, _EMPLOYEE, _CONTENT = join("betrokkene"), join("persoon"), join("medewerker"), join("inhoud")
_USER = join("gebruiker")
_ENCODER = msgspec.json.Encoder(order="sorted")


class Entry(
    msgspec.Struct, frozen=True, kw_only=True, rename="camel", omit_defaults=True, tag_field="gebeurtenis", forbid_unknown_fields=True
):
    """What every event says: when, who (connecting party and principal), under which activity, in which trace.

    `id` is the entry's own (UUIDv7), `tijd` aware UTC, `activiteit` the URI of the processing activity, `regels` rule and error codes.
    `gebruiker` commits to the person who logged in, where one did: proof of who it was, unlike a `medewerker` that a system names.
    """

    id: UUID
    tijd: datetime
    activiteit: str
    trace_id: str
    span_id: str
    partij: Oin
    principaal: Oin
    versie: Literal[1] = msgspec.field(default_factory=lambda: 1)  # a factory, so that it is written though it is a default
    regels: tuple[str, ...] = ()
    gebruiker: str | None = None


class Grounded(Entry, frozen=True, kw_only=True):
    """An event under a row of the purpose register, for one municipality and message."""

    gemeente: Gemeentecode
    bericht: UUID
    doel: str
    rij: str
    registerversie: str
    artikel: str | None = None


class Disclosure(Grounded, frozen=True, kw_only=True):
    """Person data went to a municipality: which groups, in which claim, with which indeling shown."""

    claim: UUID
    veldgroepen: tuple[Veldgroep, ...]
    indeling: Indeling | None = None
    indelingsversie: int | None = None
    betrokkene: str | None = None
    persoon: str | None = None


class Shared(TypedDict):
    """What every event takes from its request."""

    id: UUID
    tijd: datetime
    activiteit: str
    trace_id: str
    span_id: str
    partij: Oin
    principaal: Oin
    gebruiker: str | None


class Frame(msgspec.Struct, frozen=True):
    """Who, when, in which trace and under which activity: shared by the entries of one request."""

    sender: Sender
    trace: Trace
    at: datetime
    activity: str

    def fields(self) -> Shared:
        """The members that every event has, with a new id (UUIDv7) and the instant in UTC."""
        return {
            "id": ids.new(),
            "tijd": self.at.astimezone(UTC),
            "activiteit": self.activity,
            "trace_id": self.trace.trace_id,
            "span_id": self.trace.span_id,
            "partij": self.sender.party,
            "principaal": self.sender.principal,
            "gebruiker": self.sender.user,
        }


def encode(entry: Entry) -> bytes:
    """The canonical bytes (RFC 8785) that are stored and hashed."""
    return _ENCODER.encode(entry)


def name_of(entry: Entry) -> str:
    """The event's name, as `signaal.bezorgd`."""
    return str(entry.__struct_config__.tag)


def subject(named: bytes, key: Keyed) -> str:
    """`betrokkene`: commitment to an address as the log names it (`naming.log_names`), under a D-log key; base64url, 43 characters."""
    return _commit(_SUBJECT + named, key)


def person(named: bytes, key: Keyed) -> str:
    """`persoon`: the same of a person."""
    return _commit(_PERSON + named, key)


def employee(gemeente: Gemeentecode, name: str, key: Keyed) -> str:
    """`medewerker`: commitment to what a municipality calls one of its staff; the same name elsewhere is another."""
    return _commit(_EMPLOYEE + join(gemeente, name), key)


def user(issuer: str, subject: str, key: Keyed) -> str:
    """`gebruiker`: commitment to who logged in, by who says so (OIDC `iss`) and what it calls him (`sub`)."""
    return _commit(_USER + join(issuer, subject), key)


def content(fingerprint: bytes, key: Keyed) -> str:
    """`inhoud`: commitment to a keyed content fingerprint (base64url, 43 characters) under a D-log key."""
    return _commit(_CONTENT + fingerprint, key)


def _commit(value: bytes, key: Keyed) -> str:
    return urlsafe_b64encode(key.digest(value))[:43].decode()

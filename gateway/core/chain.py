"""The types of the one flow: each step takes the type that the step before returns, so that a skipped step fails `mypy --strict`.

`Inbound -> Parsed -> Fresh -> Lawful -> Routed -> Named -> Judged -> Sealed -> Logged -> (delivered)`, or `Stopped` at any
step. Each class is built in one module only (checked by `tests/architecture`). Clear person data lives in `signaal` and ends
with `Judged`: `Sealed` has none. Authority: architecture, "a signal, step by step". Leaves every decision to the steps.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

import msgspec

from schemas.inbox import Veldgroep
from schemas.ontvangst import Bevinding, Signaalstatus
from schemas.signaal import Signaal
from schemas.types import Gemeentecode, Oin


class _Link(msgspec.Struct, frozen=True, gc=False):
    """Base of the links: immutable, cheap to make a hundred thousand times a second."""


class Trace(_Link, frozen=True, gc=False):
    """W3C trace context of the request: 32 and 16 hexadecimal characters."""

    trace_id: str
    span_id: str


class Sender(_Link, frozen=True, gc=False):
    """Who delivers: the connecting party (certificate) and the principal it acts for (`Namens`).

    `user`: who of the party's people, as the log commits to him, when somebody logged in (console); None for a system.
    """

    party: Oin
    principal: Oin
    user: str | None = None

    def may_be(self, party: Oin, user: str | None) -> bool:
        """Whether this may be somebody who acted earlier: of two who logged in the person counts, else the organisation."""
        return self.user == user if self.user and user else self.party == party


class Room:
    """How many findings of form a delivery still gets in full; its records share one, which the parser (1) counts down."""

    def __init__(self, left: int) -> None:
        self.left = left


class Inbound(_Link, frozen=True, gc=False):
    """A record as it came in: `value` is parsed JSON (made by the edge), or JSON that we wrote ourselves (msgspec.Raw).

    `excess`: its kenmerk stands in the delivery too often. `inhaalslag`: part of a catch-up delivery. `refused`: why the edge that read it
    could make no record of it.
    """

    nr: int
    sender: Sender
    trace: Trace
    received: datetime
    pointer: str
    value: Any
    room: Room | None = None
    excess: bool = False
    inhaalslag: bool = False
    refused: tuple[Bevinding, ...] = ()


class Parsed(_Link, frozen=True, gc=False):
    """(1) Well-formed. `canonical` is the RFC 8785 form of the record."""

    inbound: Inbound
    signaal: Signaal
    canonical: bytes


class Fresh(_Link, frozen=True, gc=False):
    """(2) Not seen before. `key` and `content` are keyed fingerprints (32 bytes each); `earlier` is what it says it follows."""

    parsed: Parsed
    key: bytes
    content: bytes
    earlier: UUID | None
    earlier_gemeente: Gemeentecode | None = None
    renews: UUID | None = None  # the message that holds the kenmerk, which expired or was rejected


class Lawful(_Link, frozen=True, gc=False):
    """(3) No rule on signal and creditor alone refuses it."""

    fresh: Fresh
    findings: tuple[Bevinding, ...]


class Routed(_Link, frozen=True, gc=False):
    """(4) One municipality, one purpose row, the field groups that may travel."""

    lawful: Lawful
    gemeente: Gemeentecode
    doel: str
    row: str
    register_version: str
    activity: str
    groups: tuple[Veldgroep, ...]
    artikel: str | None = None
    triage: tuple[str, ...] = ()


class Later(_Link, frozen=True, gc=False):
    """The same names in the municipality's next version, during an overlap."""

    address: bytes
    person: bytes | None
    contract: bytes | None


class Named(_Link, frozen=True, gc=False):
    """(5) Keyed pseudonyms of that municipality (32 bytes); absent rather than guessed. `version` is the leading one.

    `subject` and `subject_person` name address and person for the log, in no version.
    """

    routed: Routed
    version: int
    address: bytes
    person: bytes | None
    contract: bytes | None
    subject: bytes = b""
    subject_person: bytes | None = None
    later: Later | None = None


class Judged(_Link, frozen=True, gc=False):
    """(6) No rule on agreement, municipality or history refuses it. `findings` holds the warnings of both rounds.

    `first`: it goes before others (a threatening situation, or a finding whose row says so).
    """

    named: Named
    findings: tuple[Bevinding, ...]
    first: bool = False


class Header(_Link, frozen=True, gc=False):
    """What the hub keeps in the clear about a message: no person data."""

    id: UUID
    gemeente: Gemeentecode
    sender: Sender
    trace: Trace
    received: datetime
    kenmerk: str
    soort: str
    sector: str
    meta: bytes
    findings: tuple[Bevinding, ...]
    doel: str
    row: str
    register_version: str
    activity: str
    earlier: UUID | None
    artikel: str | None = None


class Sealed(_Link, frozen=True, gc=False):
    """(7) Clear data ends here. `payload` is sealed for the municipality and encrypted once more for storage."""

    nr: int
    header: Header
    key: bytes
    content: bytes
    content_hash: bytes
    version: int
    address: bytes
    person: bytes | None
    contract: bytes | None
    payload: bytes
    storage_key: str
    content_key_id: UUID
    renews: UUID | None = None
    subject: bytes = b""
    subject_person: bytes | None = None
    later: Later | None = None


class Logged(_Link, frozen=True, gc=False):
    """(8) On record: the leaf hash (32 bytes) of the entry that travels in the same transaction."""

    sealed: Sealed
    leaf: bytes


class Stopped(_Link, frozen=True, gc=False):
    """The end of a record that goes no further: refused, quarantined, or known before (then `outcome` has its receipt)."""

    nr: int
    outcome: "Outcome"


class Outcome(_Link, frozen=True, gc=False):
    """What became of one record."""

    status: Signaalstatus
    findings: tuple[Bevinding, ...]
    kenmerk: str | None = None
    id: UUID | None = None
    gemeente: Gemeentecode | None = None
    sector: str | None = None
    received: datetime | None = None
    content_hash: bytes | None = None
    leaf: bytes | None = None
    repeated: bool = False
    conflict: bool = False
    register_version: str | None = None  # of the purpose register, when it denied
    shadow: bool = False  # a rehearsal: judged as always, delivered to nobody


S = TypeVar("S")


class Board:
    """The outcomes of one chunk by position; every record ends on it exactly once."""

    def __init__(self, size: int) -> None:
        self._outcomes: list[Outcome | None] = [None] * size

    def keep(self, results: Iterable[S | Stopped]) -> list[S]:
        """Note the stopped ones, return those that go on."""
        going: list[S] = []
        for result in results:
            if isinstance(result, Stopped):
                self.note(result.nr, result.outcome)
            else:
                going.append(result)
        return going

    def note(self, nr: int, outcome: Outcome) -> None:
        """Write down the end of record `nr`. Raises ValueError when it already ended."""
        if self._outcomes[nr] is not None:
            raise ValueError("record ended twice")
        self._outcomes[nr] = outcome

    def finish(self) -> Iterator[Outcome]:
        """Every outcome in order. Raises ValueError when a record has none: nothing gets lost."""
        for outcome in self._outcomes:
            if outcome is None:
                raise ValueError("record without outcome")
            yield outcome

"""(2) Known? The same kenmerk with the same content is the first receipt again; with other content it is a conflict.

Authority: contract, "idempotency": unique on (principal, kind, kenmerk) for 24 months, looked up before any rule, held by
accepted records only; that of a message which expired or was rejected may be offered again, as a new one linked to it. Kept as
keyed fingerprints, so that the table tells nothing without the key. Two writers that race for
one key end in `Raced`: the loser's whole chunk runs again and then finds the winner.
"""

from collections.abc import Iterator, Sequence
from hashlib import sha256
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import psycopg

from gateway.core.chain import Fresh, Logged, Outcome, Parsed, Stopped
from gateway.matching import fingerprints
from schemas.keyed import Keyed
from schemas.ontvangst import Bevinding

_FINDINGS = msgspec.json.Decoder(tuple[Bevinding, ...])
_EARLIER_UNKNOWN = Bevinding(
    code="EERDER_KENMERK_ONBEKEND",
    oordeel="fout",
    melding="Het eerdere kenmerk is niet bekend. Lever eerst het signaal aan waar dit bericht over gaat.",
    pointer="/eerderKenmerk",
)
_OTHER_CONTENT = Bevinding(
    code="KENMERK_IN_GEBRUIK",
    oordeel="fout",
    melding="Dit kenmerk is eerder aanvaard met andere inhoud. Gebruik een nieuw kenmerk, of soort actualisering met eerderKenmerk.",
    pointer="/kenmerk",
)
_HOLD = """
INSERT INTO fingerprint (key, content, gemeente, bericht, received, leaf, findings, principal)
SELECT * FROM unnest(%b::bytea[], %b::bytea[], %b::text[], %b::uuid[], %b::timestamptz[], %b::bytea[], %b::bytea[], %b::text[])
"""
_KNOWN = "SELECT key, content, gemeente, bericht, received, leaf, findings FROM known(%b)"
_ENDED = "SELECT ended_messages(%b::text[], %b::uuid[])"
_RENEW = """
SELECT renew(%b::bytea[], %b::bytea[], %b::uuid[], %b::text[], %b::uuid[], %b::timestamptz[], %b::bytea[], %b::bytea[])
"""


class Raced(Exception):
    """Another writer took one of the keys since the look-up; run the chunk again."""


class _Held(NamedTuple):
    key: bytes
    content: bytes
    gemeente: str
    bericht: UUID
    received: Any
    leaf: bytes
    findings: bytes


def known(connection: psycopg.Connection[Any], parsed: Sequence[Parsed], secret: Keyed) -> Iterator[Fresh | Stopped]:
    """Look every record up at once. `secret` is the fingerprint key."""
    keys = [fingerprints.fingerprint(p.inbound.sender.principal, "signaal", p.signaal.kenmerk, secret) for p in parsed]
    earlier = [
        fingerprints.fingerprint(p.inbound.sender.principal, "signaal", p.signaal.eerder_kenmerk, secret)
        if p.signaal.eerder_kenmerk
        else None
        for p in parsed
    ]
    wanted = keys + [key for key in earlier if key]
    held = {row.key: row for row in map(_Held._make, connection.execute(_KNOWN, (wanted,)).fetchall())}
    ended = _ended(connection, [held[key] for key in keys if key in held])
    for record, key, before in zip(parsed, keys, earlier, strict=True):
        content = fingerprints.content(record.canonical, secret)
        renews = key in held and held[key].bericht in ended
        if key in held and not renews:
            yield Stopped(record.inbound.nr, _again(record, held[key], content))
        elif before and before not in held:
            outcome = Outcome("geweigerd", (_at(_EARLIER_UNKNOWN, record),), kenmerk=record.signaal.kenmerk)
            yield Stopped(record.inbound.nr, outcome)
        elif renews:
            old = held[key]
            yield Fresh(record, key, content, old.bericht, old.gemeente, old.bericht)
        else:
            follows = held[before] if before else None
            yield Fresh(record, key, content, follows.bericht if follows else None, follows.gemeente if follows else None)


def hold(connection: psycopg.Connection[Any], logged: Sequence[Logged]) -> None:
    """Hold the keys of what is delivered in this transaction, in sorted order so that writers never deadlock.

    Raises:
        Raced: another writer holds one of them.
    """
    if not logged:
        return
    again = [entry for entry in logged if entry.sealed.renews]
    first = [entry for entry in logged if not entry.sealed.renews] if again else logged
    if first:
        try:
            connection.execute(_HOLD, _columns(sorted((*_row(entry), entry.sealed.header.sender.principal) for entry in first)))
        except psycopg.errors.UniqueViolation as error:
            raise Raced from error
    if again:
        _renew(connection, again)


def _row(entry: Logged) -> tuple[Any, ...]:
    sealed = entry.sealed
    header = sealed.header
    return sealed.key, sealed.content, header.gemeente, header.id, header.received, entry.leaf, msgspec.json.encode(header.findings)


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]


def _renew(connection: psycopg.Connection[Any], again: Sequence[Logged]) -> None:
    """A kenmerk goes over from a message that expired or was rejected. Raises Raced: somebody else was first."""
    rows = sorted((*_row(entry)[:2], entry.sealed.renews, *_row(entry)[2:]) for entry in again)
    moved = connection.execute(_RENEW, _columns(rows)).fetchone()
    if moved is None or moved[0] != len(again):
        raise Raced


def _ended(connection: psycopg.Connection[Any], held: Sequence[_Held]) -> set[UUID]:
    """Which of these messages expired or were rejected: their kenmerk may be offered again, as a new message."""
    if not held:
        return set()
    rows = connection.execute(_ENDED, ([row.gemeente for row in held], [row.bericht for row in held])).fetchall()
    return {row[0] for row in rows}


def _again(record: Parsed, held: _Held, content: bytes) -> Outcome:
    if held.content != content:
        return Outcome("geweigerd", (_at(_OTHER_CONTENT, record),), kenmerk=record.signaal.kenmerk, conflict=True)
    return Outcome(
        "bezorgd",
        _FINDINGS.decode(held.findings),
        kenmerk=record.signaal.kenmerk,
        id=held.bericht,
        gemeente=held.gemeente,
        sector=record.signaal.sector,
        received=held.received,
        content_hash=sha256(record.canonical).digest(),
        leaf=held.leaf,
        repeated=True,
    )


def _at(finding: Bevinding, record: Parsed) -> Bevinding:
    return msgspec.structs.replace(finding, pointer=f"{record.inbound.pointer}{finding.pointer}")

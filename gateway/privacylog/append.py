"""Step 8: put entries on record, inside the transaction of the effect they describe.

One call per transaction, of the SQL function `log_append` or, with deliveries, of `log_append_delivered` (role gw_ingest only) or
`log_append_forwarded` (role gw_inbox, for what it sent on). No index is given here, so writers do not wait for each other. If it
fails, the transaction fails and nothing leaves. Authority: architecture, the log. Leaves numbering to the sequencer.
"""

from collections.abc import Sequence
from typing import Any, LiteralString

import psycopg

from gateway.core.chain import Logged, Sealed
from gateway.privacylog.entry import Entry, Frame, content, encode, name_of, person, subject
from gateway.privacylog.messages import SignaalBezorgd
from gateway.privacylog.tree import leaf_hash
from schemas.keyed import Keyed

_APPEND = "SELECT log_append(%b::uuid[], %b::text[], %b::bytea[], %b::bytea[])"
_DELIVERED = "SELECT log_append_delivered(%b::uuid[], %b::text[], %b::bytea[], %b::bytea[], %b::text[], %b::uuid[])"
_FORWARDED = _DELIVERED.replace("delivered", "forwarded")


def append_forwarded(connection: psycopg.Connection[Any], entries: Sequence[Entry]) -> list[bytes]:
    """`append`, for a message that the transaction sent on to another municipality."""
    return append(connection, entries, _FORWARDED)


def append(connection: psycopg.Connection[Any], entries: Sequence[Entry], delivered: LiteralString = _DELIVERED) -> list[bytes]:
    """Store entries in the caller's transaction and queue them for numbering.

    Only `signaal.bezorgd` brings its message along in the queue: it gives the message its place in the inbox.

    Returns:
        The leaf hash (32 bytes) of each entry, in order. None are stored when there are none.
    """
    if not entries:
        return []
    bodies = [encode(entry) for entry in entries]
    leaves = [leaf_hash(body) for body in bodies]
    columns: tuple[object, ...] = ([entry.id for entry in entries], [name_of(entry) for entry in entries], bodies, leaves)
    numbered = [entry if isinstance(entry, SignaalBezorgd) else None for entry in entries]
    if any(numbered):
        gemeenten = [entry.gemeente if entry else None for entry in numbered]
        berichten = [entry.bericht if entry else None for entry in numbered]
        connection.execute(delivered, (*columns, gemeenten, berichten), prepare=True)
    else:
        connection.execute(_APPEND, columns, prepare=True)
    return leaves


def log_sealed(connection: psycopg.Connection[Any], sealed: Sequence[Sealed], key: bytes) -> list[Logged]:
    """Put every delivery of a chunk on record. `key` is the D-log key for commitments."""
    keyed = Keyed(key)
    leaves = append(connection, [_delivered(record, keyed) for record in sealed])
    return [Logged(record, leaf) for record, leaf in zip(sealed, leaves, strict=True)]


def _delivered(sealed: Sealed, key: Keyed) -> SignaalBezorgd:
    header = sealed.header
    return SignaalBezorgd(
        **Frame(header.sender, header.trace, header.received, header.activity).fields(),
        gemeente=header.gemeente,
        bericht=header.id,
        doel=header.doel,
        rij=header.row,
        registerversie=header.register_version,
        artikel=header.artikel,
        betrokkene=subject(sealed.subject, key),
        persoon=person(sealed.subject_person, key) if sealed.subject_person else None,
        inhoud=content(sealed.content, key),
        regels=tuple(dict.fromkeys([finding.code for finding in header.findings])),
    )

"""Puts sealed, logged messages in the mailbox: inserts only, set-based, in the transaction of the flow.

A message gets its place and state in the inbox from the sequencer, after commit. COPY into a table with row security is refused
by PostgreSQL; `INSERT … SELECT FROM unnest` comes close to it. Leaves idempotency to `gateway.signals`.
"""

from collections.abc import Sequence
from typing import Any

import psycopg

from gateway.core.chain import Logged
from gateway.keys.content import ContentKey

_MESSAGES = """
INSERT INTO bericht (gemeente, id, kenmerk, soort, sector, party, principal, received, doel, purpose_row, meta, earlier,
                     name_version, address, person, contract, content_key, storage_key, payload, address_2, person_2, contract_2, subject,
                     subject_person)
SELECT * FROM unnest(%b::text[], %b::uuid[], %b::text[], %b::text[], %b::text[], %b::text[], %b::text[], %b::timestamptz[],
                     %b::text[], %b::text[],
                     %b::bytea[], %b::uuid[], %b::smallint[], %b::bytea[], %b::bytea[], %b::bytea[], %b::uuid[], %b::text[], %b::bytea[],
                     %b::bytea[], %b::bytea[], %b::bytea[], %b::bytea[], %b::bytea[])
"""
_ALONE = (None, None, None)
_CONTENT_KEYS = """
INSERT INTO content_key (id, gemeente, kid, wijze, wrapped)
SELECT * FROM unnest(%b::uuid[], %b::text[], %b::text[], %b::text[], %b::text[])
"""


def put(connection: psycopg.Connection[Any], logged: Sequence[Logged], content_keys: Sequence[ContentKey]) -> None:
    """Insert the messages and the content keys that they were sealed under."""
    if not logged:
        return
    connection.execute(_CONTENT_KEYS, _columns([(k.id, k.gemeente, k.kid, k.wijze, k.wrapped) for k in content_keys]))
    rows = []
    for entry in logged:
        sealed = entry.sealed
        h = sealed.header
        rows.append(
            (h.gemeente, h.id, h.kenmerk, h.soort, h.sector, h.sender.party, h.sender.principal, h.received, h.doel, h.row, h.meta,
             h.earlier, sealed.version, sealed.address, sealed.person, sealed.contract, sealed.content_key_id, sealed.storage_key,
             sealed.payload, *((later.address, later.person, later.contract) if (later := sealed.later) else _ALONE), sealed.subject,
             sealed.subject_person)
        )  # fmt: skip
    connection.execute(_MESSAGES, _columns(rows))


def _columns(rows: Sequence[tuple[Any, ...]]) -> list[list[Any]]:
    return [list(column) for column in zip(*rows, strict=True)]

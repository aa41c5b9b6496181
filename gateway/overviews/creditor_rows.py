"""Rows of questions as a creditor reaches them (role gw_ingest): through functions that name the asker, and see nobody else's."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import class_row

from gateway.overviews.envelopes import Stored
from schemas.schuldenoverzicht import Overzichtgrond, Overzichtstaat, Saldostaat

Link = psycopg.Connection[Any]


class SeenRow(msgspec.Struct, frozen=True):
    """A question as its creditor sees it; after `klant_onbekend` only id, state and day."""

    id: UUID
    state: Saldostaat
    asked: datetime
    gemeente: str | None
    grond: Overzichtgrond | None
    uiterlijk: date | None
    reminded: datetime | None
    withdrawn: datetime | None


class OneRow(msgspec.Struct, frozen=True):
    """One question with what is sealed for its creditor."""

    gemeente: str
    id: UUID
    overzicht: UUID
    grond: Overzichtgrond
    uiterlijk: date
    state: Saldostaat
    asked: datetime
    reminded: datetime | None
    withdrawn: datetime | None
    question_key: str
    question: bytes | None


class HeldRow(msgspec.Struct, frozen=True):
    """One question, held with its overview; `others` is how many questions of that overview are open besides it."""

    gemeente: str
    overzicht: UUID
    grond: Overzichtgrond
    uiterlijk: date
    state: Saldostaat
    overview_state: Overzichtstaat
    answered: datetime | None
    content: bytes | None
    leaf: bytes | None
    others: int


class Answer(msgspec.Struct, frozen=True):
    """An answer on its way in: keyed hash, leaf of its entry (32 bytes each), and what is sealed for the municipality, if anything is."""

    state: Saldostaat
    overview_state: Overzichtstaat
    at: datetime
    content: bytes
    leaf: bytes
    stored: Stored | None


def page(
    connection: Link, asker: str, after: UUID | None, limit: int, staat: Saldostaat | None, withdrawn_since: datetime
) -> Sequence[SeenRow]:
    """Questions with an id above `after`; without a state: those open, and those withdrawn since an instant."""
    with connection.cursor(row_factory=class_row(SeenRow)) as cursor:
        cursor.execute("SELECT * FROM saldo_seen(%s, %s, %s, %s, %s)", (asker, after, limit, staat, withdrawn_since))
        return cursor.fetchall()


def one(connection: Link, asker: str, id: UUID) -> OneRow | None:
    """One question of the asker's."""
    with connection.cursor(row_factory=class_row(OneRow)) as cursor:
        return cursor.execute("SELECT * FROM saldo_one(%s, %s)", (asker, id)).fetchone()


def hold(connection: Link, asker: str, id: UUID) -> HeldRow | None:
    """One question of the asker's, held with its overview until the transaction ends."""
    with connection.cursor(row_factory=class_row(HeldRow)) as cursor:
        return cursor.execute("SELECT * FROM saldo_hold(%s, %s)", (asker, id)).fetchone()


def answer(connection: Link, asker: str, id: UUID, given: Answer) -> None:
    """Write an answer down for a held, open question."""
    key, payload = given.stored or (None, None)
    connection.execute(
        "SELECT saldo_answer(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (asker, id, given.state, given.overview_state, given.at, given.content, given.leaf, key, payload),
    )

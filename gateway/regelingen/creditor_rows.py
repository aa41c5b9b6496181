"""Rows of messages as a creditor reaches them (role gw_ingest): through functions that name the asker, and see nobody else's."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

import msgspec
import psycopg
from psycopg.rows import class_row

from gateway.core.chain import Sender
from gateway.overviews.envelopes import Stored
from gateway.privacylog.arrangements import OverRegelingbericht
from schemas.regelingen import Grondslag, Partijstaat, Regelingsoort, Regelingstaat, Voorstelsoort

Link = psycopg.Connection[Any]


class SeenRow(msgspec.Struct, frozen=True):
    """A message as its creditor sees it; after `klant_onbekend` only id, kind, state and day."""

    id: UUID
    soort: Regelingsoort
    state: Partijstaat
    sent: datetime
    gemeente: str | None
    grondslag: Grondslag | None
    voorstel: Voorstelsoort | None
    begin: date | None
    einde: date | None
    reminded: datetime | None
    ended: datetime | None
    withdrawn: datetime | None


class OneRow(msgspec.Struct, frozen=True):
    """One message with what is sealed for its creditor."""

    gemeente: str
    id: UUID
    regeling: UUID
    soort: Regelingsoort
    state: Partijstaat
    sent: datetime
    grondslag: Grondslag | None
    voorstel: Voorstelsoort | None
    begin: date
    einde: date
    reminded: datetime | None
    ended: datetime | None
    withdrawn: datetime | None
    question_key: str
    question: bytes | None


class NewsRow(OneRow, frozen=True):
    """One message of which something is new to who works with files; `stand` says what, in a word of ours."""

    afspraak: str | None
    delivered: bool
    stand: str


class NamedRow(msgspec.Struct, frozen=True):
    """Of which arrangement and kind a message is."""

    id: UUID
    gemeente: str
    regeling: UUID
    soort: Regelingsoort


class HeldRow(msgspec.Struct, frozen=True):
    """One message, held with its arrangement."""

    gemeente: str
    regeling: UUID
    einde: date
    state: Partijstaat
    whole_state: Regelingstaat
    answered: datetime | None
    content: bytes | None
    leaf: bytes | None


class Answer(msgspec.Struct, frozen=True):
    """An answer on its way in: keyed hash, entry and leaf of it (32 bytes), and what is sealed for the municipality, if anything is."""

    state: Partijstaat
    at: datetime
    content: bytes
    entry: UUID
    leaf: bytes
    stored: Stored | None


def page(
    connection: Link, asker: str, soort: Regelingsoort, after: UUID | None, limit: int, staat: Partijstaat | None, told_since: datetime
) -> Sequence[SeenRow]:
    """Messages of one kind with an id above `after`; without a state: those open, and those ended or withdrawn since an instant."""
    with connection.cursor(row_factory=class_row(SeenRow)) as cursor:
        cursor.execute("SELECT * FROM regeling_seen(%s, %s, %s, %s, %s, %s)", (asker, soort, after, limit, staat, told_since))
        return cursor.fetchall()


def one(connection: Link, asker: str, soort: Regelingsoort, id: UUID) -> OneRow | None:
    """One message of the asker's."""
    with connection.cursor(row_factory=class_row(OneRow)) as cursor:
        return cursor.execute("SELECT * FROM regeling_one(%s, %s, %s)", (asker, soort, id)).fetchone()


def opened(connection: Link, asker: str, id: UUID, entry: UUID, at: datetime) -> None:
    """The asker opened it for the first time; later times change nothing."""
    connection.execute("SELECT regeling_opened(%s, %s, %s, %s)", (asker, id, entry, at))


def news(connection: Link, reader: Sender, today: date, told_since: datetime, most: int) -> list[NewsRow]:
    """What is new to the party about its principal's messages, held until the transaction ends."""
    with connection.cursor(row_factory=class_row(NewsRow)) as cursor:
        cursor.execute("SELECT * FROM regeling_news(%s, %s, %s, %s, %s)", (reader.party, reader.principal, today, told_since, most))
        return cursor.fetchall()


def named(connection: Link, asker: str, ids: Sequence[UUID]) -> list[NamedRow]:
    """Those of the ids that are messages of the asker's."""
    with connection.cursor(row_factory=class_row(NamedRow)) as cursor:
        return cursor.execute("SELECT * FROM regeling_named(%s, %b::uuid[])", (asker, list(ids))).fetchall()


def delivered(connection: Link, asker: str, entries: Sequence[OverRegelingbericht], at: datetime) -> None:
    """They were put where the asker can get them, as these entries say."""
    columns = [entry.regelingbericht for entry in entries], [entry.id for entry in entries]
    connection.execute("SELECT regeling_delivered(%s, %b::uuid[], %b::uuid[], %s)", (asker, *columns, at))


def hold(connection: Link, asker: str, soort: Regelingsoort, id: UUID) -> HeldRow | None:
    """One message of the asker's, held with its arrangement until the transaction ends."""
    with connection.cursor(row_factory=class_row(HeldRow)) as cursor:
        return cursor.execute("SELECT * FROM regeling_hold(%s, %s, %s)", (asker, soort, id)).fetchone()


def answer(connection: Link, asker: str, id: UUID, given: Answer) -> None:
    """Write an answer down for a held, open message."""
    key, payload = given.stored or (None, None)
    connection.execute(
        "SELECT regeling_answer(%s, %s, %s, %s, %s, %s, %s, %s, %s)",
        (asker, id, given.state, given.at, given.content, given.entry, given.leaf, key, payload),
    )

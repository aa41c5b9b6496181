"""Feedback on record: outcomes in, rows for the creditors' feeds out, in the transaction of the effect that caused them.

Every verdict of the policy leaves an entry, what is told and what is withheld. The receiver is the sender of the message, and must hold a
receiving role today (FB-02). Authority: Wgs art. 8 lid 2, Bgs art. 17. Leaves the verdict to `policy`, the moment to `feed`.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import psycopg

from gateway.core import ids
from gateway.core.chain import Sender, Trace
from gateway.core.clock import Clock
from gateway.feedback.outcomes import Choice, Facts, Inner, Told, Withheld
from gateway.feedback.policy import COUNSELLOR, RECEIVERS, FeedbackPolicy
from gateway.mailbox.origin import Origin, origins
from gateway.partners.register import Register
from gateway.partners.rows import fits, stamp
from gateway.privacylog import append
from gateway.privacylog.afterwards import TerugkoppelingOnthouden, TerugkoppelingVastgelegd
from gateway.privacylog.entry import Entry, Frame
from gateway.sealing.sealing import Meta
from schemas.keyed import Keyed
from schemas.terugkoppeling import Terugkoppelcode

DOEL, TABLE = "WGS-8-2-terugkoppeling", "terugkoppeling_keuze"
_META = msgspec.json.Decoder(Meta)

Verdict = Told | Withheld


class Feedback(NamedTuple):
    """What it works with; made by the composition root. `activity` is the URI of the processing activity, `keyed` is `rows.sealer`'s."""

    policy: FeedbackPolicy
    register: Callable[[], Register]
    clock: Clock
    activity: str
    keyed: Keyed


class Kept(NamedTuple):
    """What a municipality chose for a code, as stored under its seal."""

    gemeente: str
    code: Terugkoppelcode
    aan: bool
    grond_soort: str | None
    grond_kenmerk: str | None
    grond_vanaf: date | None

    def seal(self, keyed: Keyed) -> bytes:
        """The seal of this row."""
        return stamp(TABLE, self._asdict(), keyed)


class Teller(NamedTuple):
    """Who reports, for which municipality, in which trace."""

    caller: Sender
    gemeente: str
    trace: Trace


def judge(
    connection: psycopg.Connection[Any], feedback: Feedback, teller: Teller, outcomes: Mapping[UUID, Inner]
) -> dict[UUID, tuple[Origin, Verdict]]:
    """The verdict per message of this inbox; a message that is not there has none. Nothing is written."""
    gemeente, register = teller.gemeente, feedback.register()
    found = origins(connection, gemeente, list(outcomes))
    told = _told(connection, gemeente, list(found))
    silent = _silent(connection, gemeente, list(found))
    choices = choices_of(connection, gemeente, feedback.keyed)
    verdicts: dict[UUID, tuple[Origin, Verdict]] = {}
    for id, origin in found.items():
        facts = Facts(
            now=feedback.clock.now(),
            counsellor=_is_counsellor(register, teller.caller.party),
            receiver=_may_receive(register, origin.principal),
            silenced=id in silent,
            withdrawn=origin.withdrawn_at is not None or origin.state == "ingetrokken",
            told=frozenset(told.get(id, ())),
            choices=choices,
            amount=_META.decode(origin.meta).bedrag_cent,
            threshold=register.threshold(gemeente, origin.sector),
        )
        verdicts[id] = (origin, feedback.policy.judge(outcomes[id], facts))
    return verdicts


def tell(
    connection: psycopg.Connection[Any], feedback: Feedback, teller: Teller, outcomes: Mapping[UUID, Inner]
) -> dict[UUID, tuple[Origin, Verdict]]:
    """`judge`, written down: a row per message that is told of, an entry per verdict."""
    verdicts = judge(connection, feedback, teller, outcomes)
    frame = Frame(teller.caller, teller.trace, feedback.clock.now(), feedback.activity)
    entries: list[Entry] = []
    for id, (origin, verdict) in verdicts.items():
        if isinstance(verdict, Told):
            _save(connection, teller.gemeente, origin, verdict)
        entries.append(_entry(frame, teller.gemeente, id, verdict, feedback.policy.version))
    append.append(connection, entries)
    return verdicts


def rejected(connection: psycopg.Connection[Any], feedback: Feedback, teller: Teller, bericht: UUID, reden: str) -> None:
    """A municipality rejected a message. For one that it forwarded: `reden` is `geen_inwoner`, so that the sender sees no difference."""
    tell(connection, feedback, teller, {bericht: Inner("afwijzing", reden)})


def kept(connection: psycopg.Connection[Any], gemeente: str, keyed: Keyed) -> list[Kept]:
    """What a municipality switched on or off; a row that lacks its seal switches its code off."""
    rows = connection.execute(
        """
        SELECT gemeente, code, aan, grond_soort, grond_kenmerk, grond_vanaf, zegel FROM terugkoppeling_keuze
        WHERE gemeente = %s ORDER BY code
        """,
        (gemeente,),
    ).fetchall()
    return [_sealed(Kept(*row[:-1]), row[-1], keyed) for row in rows]


def _sealed(row: Kept, zegel: bytes | None, keyed: Keyed) -> Kept:
    return row if fits(zegel, TABLE, row._asdict(), keyed) else Kept(row.gemeente, row.code, False, None, None, None)


def choices_of(connection: psycopg.Connection[Any], gemeente: str, keyed: Keyed) -> dict[str, Choice]:
    """What a municipality switched on or off, by code."""
    return {one.code: Choice(one.aan, one.grond_vanaf) for one in kept(connection, gemeente, keyed)}


def _save(connection: psycopg.Connection[Any], gemeente: str, origin: Origin, told: Told) -> None:
    if told.revokes is not None:
        connection.execute(
            "UPDATE terugkoppeling SET herroepen = true WHERE gemeente = %s AND bericht = %s AND code = %s AND NOT herroepen",
            (gemeente, origin.id, told.revokes),
        )
    connection.execute(
        """
        INSERT INTO terugkoppeling (gemeente, id, bericht, principal, kenmerk, code, tekst, week, pauze_tot, vrij_vanaf, rij)
        VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)
        """,
        (gemeente, ids.new(), origin.id, origin.principal, origin.kenmerk, told.code, told.text, told.week, told.pause_until,
         told.release, told.row),
    )  # fmt: skip


def _entry(frame: Frame, gemeente: str, bericht: UUID, verdict: Verdict, version: str) -> Entry:
    if isinstance(verdict, Withheld):
        return TerugkoppelingOnthouden(**frame.fields(), gemeente=gemeente, bericht=bericht, regels=(verdict.code,))
    return TerugkoppelingVastgelegd(
        **frame.fields(), gemeente=gemeente, bericht=bericht, doel=DOEL, rij=verdict.row, registerversie=version, resultaat=verdict.code
    )


def _told(connection: psycopg.Connection[Any], gemeente: str, berichten: Sequence[UUID]) -> dict[UUID, list[str]]:
    rows = connection.execute(
        "SELECT bericht, array_agg(code) FROM terugkoppeling WHERE gemeente = %s AND bericht = ANY (%s) AND NOT herroepen GROUP BY bericht",
        (gemeente, berichten),
    ).fetchall()
    return {bericht: codes for bericht, codes in rows}


def _silent(connection: psycopg.Connection[Any], gemeente: str, berichten: Sequence[UUID]) -> set[UUID]:
    rows = connection.execute("SELECT bericht FROM terugkoppeling_stil WHERE gemeente = %s AND bericht = ANY (%s)", (gemeente, berichten))
    return {row[0] for row in rows.fetchall()}


def _is_counsellor(register: Register, party: str) -> bool:
    found = register.partner(party)
    return found is not None and COUNSELLOR in found.rollen


def _may_receive(register: Register, principal: str) -> bool:
    found = register.partner(principal)
    return found is not None and found.actief and bool(found.rollen & RECEIVERS)

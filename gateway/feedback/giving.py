"""Feedback that a municipality gives itself, its preview, and its choices.

The preview runs the same verdict over the same facts and shows exactly what the creditor will see. A municipality may switch codes
off, and on where the policy lets it and it records its ground (FB-05). Authority: contract, `POST terugkoppelingen`. Leaves verdicts
to `policy`.
"""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple
from uuid import UUID

import msgspec
import psycopg

from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_day
from gateway.core.errors import Conflict, Invalid
from gateway.feedback.feed import seen
from gateway.feedback.outcomes import Inner, Told
from gateway.feedback.recording import Feedback, Kept, Teller, Verdict, judge, kept, tell
from gateway.mailbox.origin import Origin
from gateway.privacylog import append
from gateway.privacylog.entry import Frame
from gateway.privacylog.settings import TerugkoppelkeuzeGewijzigd
from gateway.store.database import Database
from gateway.store.tenant import municipality
from schemas.ontvangst import Bevinding
from schemas.terugkoppeling import (
    TerugkoppelAanvraag,
    Terugkoppelgrond,
    Terugkoppelkeuze,
    Terugkoppelkeuzen,
    TerugkoppelUitkomst,
    TerugkoppelUitkomsten,
)


class Counter(NamedTuple):
    """The database (role gw_inbox) and the feedback behind the door of a municipality."""

    database: Database
    feedback: Feedback


def give(caller: Sender, gemeente: str, trace: Trace, request: TerugkoppelAanvraag, counter: Counter) -> TerugkoppelUitkomsten:
    """Tell the senders of messages a code, as far as the policy lets it. Raises Conflict: a message is not in this inbox."""
    with counter.database.transaction(municipality(gemeente)) as connection:
        found = tell(connection, counter.feedback, Teller(caller, gemeente, trace), _outcomes(request))
        return _rendered(request.berichten, found)


def preview(caller: Sender, gemeente: str, trace: Trace, request: TerugkoppelAanvraag, counter: Counter) -> TerugkoppelUitkomsten:
    """What `give` would do now; nothing is written. Raises Conflict."""
    with counter.database.transaction(municipality(gemeente)) as connection:
        found = judge(connection, counter.feedback, Teller(caller, gemeente, trace), _outcomes(request))
        return _rendered(request.berichten, found)


def choices(gemeente: str, counter: Counter) -> Terugkoppelkeuzen:
    """What a municipality chose."""
    with counter.database.transaction(municipality(gemeente)) as connection:
        return Terugkoppelkeuzen(keuzen=_choices(connection, gemeente, counter.feedback))


def choose(caller: Sender, gemeente: str, trace: Trace, request: Terugkoppelkeuzen, counter: Counter) -> Terugkoppelkeuzen:
    """Switch codes on or off; codes that are not named stay as they are. Raises Invalid: a ground is missing."""
    feedback = counter.feedback
    _require_grounds(request.keuzen, feedback)
    with counter.database.transaction(municipality(gemeente)) as connection:
        for keuze in request.keuzen:
            _save(connection, gemeente, keuze, feedback)
        frame = Frame(caller, trace, feedback.clock.now(), feedback.activity)
        changed = [
            TerugkoppelkeuzeGewijzigd(**frame.fields(), gemeente=gemeente, code=keuze.code, resultaat="aan" if keuze.aan else "uit")
            for keuze in request.keuzen
        ]
        append.append(connection, changed)
        return Terugkoppelkeuzen(keuzen=_choices(connection, gemeente, feedback))


def _outcomes(request: TerugkoppelAanvraag) -> Mapping[UUID, Inner]:
    return {bericht: Inner("verzoek", request.code, request.grond) for bericht in request.berichten}


def _rendered(asked: Sequence[UUID], found: Mapping[UUID, tuple[Origin, Verdict]]) -> TerugkoppelUitkomsten:
    unknown = [nr for nr, bericht in enumerate(asked) if bericht not in found]
    if unknown:
        raise Conflict("BERICHT_ONBEKEND", "Niet elk bericht staat in uw inbox; zie errors.", errors=[_unknown(nr) for nr in unknown])
    return TerugkoppelUitkomsten(uitkomsten=[_outcome(bericht, *found[bericht]) for bericht in asked])


def _outcome(bericht: UUID, origin: Origin, verdict: Verdict) -> TerugkoppelUitkomst:
    if isinstance(verdict, Told):
        ziet = seen(origin.kenmerk, verdict.code, verdict.text, verdict.week, verdict.pause_until)
        return TerugkoppelUitkomst(bericht=bericht, ziet=ziet)
    return TerugkoppelUitkomst(bericht=bericht, reden=verdict.code)


def _unknown(nr: int) -> Bevinding:
    return Bevinding(code="BERICHT_ONBEKEND", oordeel="fout", melding="Dit bericht staat niet in uw inbox.", pointer=f"/berichten/{nr}")


def _require_grounds(keuzen: Sequence[Terugkoppelkeuze], feedback: Feedback) -> None:
    day = dutch_day(feedback.clock.now())
    missing = [nr for nr, k in enumerate(keuzen) if k.aan and k.grond is None and feedback.policy.needs_ground(k.code, day)]
    if missing:
        melding = "Bij deze code legt u vast op welke grond u haar aanzet."
        errors = [Bevinding(code="GROND_VERPLICHT", oordeel="fout", melding=melding, pointer=f"/keuzen/{nr}/grond") for nr in missing]
        raise Invalid("GROND_VERPLICHT", melding, errors=errors)


def _save(connection: psycopg.Connection[Any], gemeente: str, keuze: Terugkoppelkeuze, feedback: Feedback) -> None:
    grond = keuze.grond
    values = (grond.soort, grond.kenmerk, grond.vanaf) if grond else (None, None, None)
    row = Kept(gemeente, keuze.code, keuze.aan, *values)
    connection.execute(
        """
        INSERT INTO terugkoppeling_keuze (gemeente, code, aan, grond_soort, grond_kenmerk, grond_vanaf, zegel)
        VALUES (%s, %s, %s, %s, %s, %s, %s)
        ON CONFLICT (gemeente, code) DO UPDATE SET aan = excluded.aan, grond_soort = excluded.grond_soort,
          grond_kenmerk = excluded.grond_kenmerk, grond_vanaf = excluded.grond_vanaf, zegel = excluded.zegel
        """,
        (*row, row.seal(feedback.keyed)),
    )


def _choices(connection: psycopg.Connection[Any], gemeente: str, feedback: Feedback) -> list[Terugkoppelkeuze]:
    return [Terugkoppelkeuze(code=one.code, aan=one.aan, grond=_ground(one)) for one in kept(connection, gemeente, feedback.keyed)]


def _ground(one: Kept) -> Terugkoppelgrond | None:
    if one.grond_soort is None:
        return None
    return msgspec.convert({"soort": one.grond_soort, "kenmerk": one.grond_kenmerk, "vanaf": one.grond_vanaf}, Terugkoppelgrond)

"""The creditor's side: its questions, one question opened, and an answer.

A creditor sees its own questions and nothing that says whether, or how many, others were asked. An answer counts through the end of the
last day, once; the same again gives the same receipt. It is sealed for the municipality before it is stored, and this gateway cannot read
it back unless the municipality has a managed key. Authority: contract, section on the schuldenoverzicht (SO-05, SO-07). Leaves the rules
to `answered`, states to `states`.
"""

from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any, Final
from uuid import UUID

import msgspec

from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_day
from gateway.core.errors import Conflict, NotFound
from gateway.overviews import answered, creditor_rows, envelopes, states
from gateway.overviews.creditor_rows import Answer, HeldRow, OneRow, SeenRow
from gateway.overviews.desk import DOELEN, Link, OverviewDesk, in_review, require_log, watched
from gateway.overviews.envelopes import Place, Stored
from gateway.overviews.states import QuestionEvent
from gateway.privacylog import append
from gateway.privacylog.entry import Entry, Frame
from gateway.privacylog.overviews import SaldoverzoekBeantwoord, SaldoverzoekGelezen, SchuldenoverzichtBijgewerkt
from gateway.sealing.sealing import RETENTION
from gateway.store.tenant import parties
from schemas.identity import join
from schemas.schuldenoverzicht import (
    Antwoordbewijs,
    GeenMedewerking,
    KlantOnbekend,
    Overzichtstaat,
    Saldoantwoord,
    Saldostaat,
    Saldoverzoek,
    Saldoverzoeken,
    Verzegeld,
    Vorderingen,
)
from schemas.strict import canonical

TOLD = timedelta(days=30)
"""How long a withdrawal stays in the list of what asks for attention."""
Moved = tuple[Saldostaat, Overzichtstaat]
EVENTS: Final[dict[type, QuestionEvent]] = {Vorderingen: "answer", KlantOnbekend: "unknown", GeenMedewerking: "decline"}


def page(principal: str, after: UUID | None, limit: int, staat: Saldostaat | None, desk: OverviewDesk) -> Saldoverzoeken:
    """The asker's questions above `after`, oldest first: without a state what asks for attention. `volgende` is an id, None at the end."""
    since = desk.clock.now() - TOLD
    with desk.ingest.transaction(parties(principal)) as connection:
        found = creditor_rows.page(connection, principal, after, limit + 1, staat, since)
    shown = [Saldoverzoek(**seen(row)) for row in found[:limit]]
    return Saldoverzoeken(saldoverzoeken=shown, volgende=str(shown[-1].id) if len(found) > limit else None)


def question(sender: Sender, trace: Trace, id: UUID, desk: OverviewDesk, *, disclose: bool) -> Saldoverzoek:
    """One question; what is sealed in it while it can be answered, which is logged. Raises NotFound, Forbidden, Unavailable."""
    vraag: Verzegeld | None = None
    with desk.ingest.transaction(parties(sender.principal)) as connection:
        row = _found(connection, sender.principal, id)
        if disclose and row.question is not None and desk.today <= row.uiterlijk:
            require_log(connection)
            vraag = envelopes.release(Stored(row.question_key, row.question), Place(id, "vraag"), sender.principal, desk.keys)
            append.append(connection, [reading(desk.frame(sender, trace, row.grond), row, desk)])
    if vraag is not None:
        desk.committed()
    return Saldoverzoek(**seen(_without_content(row)), vraag=vraag)


def answer(sender: Sender, trace: Trace, id: UUID, antwoord: Saldoantwoord, desk: OverviewDesk) -> tuple[Antwoordbewijs, bool]:
    """Answer a question; the flag is False for the same answer again.

    Raises:
        NotFound: no question of this creditor. Conflict: answered otherwise, too late, withdrawn, or numbers that wait for review.
        Invalid: an answer that is not right.
    """
    text = canonical(antwoord)
    fingerprint = desk.fingerprints().digest(join("saldoantwoord", str(id)) + text)
    with desk.ingest.transaction(parties(sender.principal)) as connection:
        held = creditor_rows.hold(connection, sender.principal, id)
        if held is None:
            raise NotFound
        if held.answered is not None and held.content == fingerprint:
            return _receipt(id, held.state, held.answered, text, held.leaf or b"", desk), False
        frame = desk.frame(sender, trace, held.grond)
        day = dutch_day(frame.at)  # one look at the clock: what is in time is in time on its receipt
        given, formats = _moved(held, antwoord, day), desk.register().number_formats(sender.principal)
        answered.check(antwoord, formats, day)
        waits, leaf = watched(connection, frame, answered.registered(antwoord, formats), day), b""
        if not waits:
            stored = None if isinstance(antwoord, KlantOnbekend) else _sealed(held, id, text, desk)
            leaf = append.append(connection, _entries(frame, id, held, given))[0]
            creditor_rows.answer(connection, sender.principal, id, Answer(*given, frame.at, fingerprint, leaf, stored))
    desk.committed()
    if waits:  # counted, and nothing else done
        raise in_review(waits)
    return _receipt(id, given[0], frame.at, text, leaf, desk), True


def _moved(held: HeldRow, antwoord: Saldoantwoord, day: date) -> Moved:
    """The states after this answer. Raises Conflict: the question is not open (any more)."""
    if held.answered is not None:
        raise Conflict("AL_BEANTWOORD", "Dit verzoek is al anders beantwoord; het eerste antwoord staat vast.")
    if held.state == "ingetrokken":
        raise Conflict("SALDOVERZOEK_INGETROKKEN", "De gemeente heeft dit verzoek ingetrokken; een antwoord is niet meer nodig.")
    own = states.question_after(held.state, EVENTS[type(antwoord)])
    whole = states.overview_after(held.overview_state, states.news(held.others))
    if own is None or whole is None or day > held.uiterlijk:
        raise Conflict("TERMIJN_VERSTREKEN", "De laatste dag om te antwoorden is voorbij; neem contact op met de gemeente.")
    return own, whole


def _entries(frame: Frame, id: UUID, held: HeldRow, given: Moved) -> list[Entry]:
    (own, whole), gemeente, overzicht = given, held.gemeente, held.overzicht
    entries: list[Entry] = [
        SaldoverzoekBeantwoord(**frame.fields(), gemeente=gemeente, overzicht=overzicht, saldoverzoek=id, resultaat=own)
    ]
    if whole != held.overview_state:
        entries.append(SchuldenoverzichtBijgewerkt(**frame.fields(), gemeente=gemeente, overzicht=overzicht, resultaat=whole))
    return entries


def _sealed(held: HeldRow, id: UUID, text: bytes, desk: OverviewDesk) -> Stored:
    receiver = envelopes.municipality(held.gemeente, desk.register())
    return envelopes.seal(text, Place(id, "antwoord"), receiver, desk.today + RETENTION, desk.keys)


def _receipt(id: UUID, staat: Saldostaat, at: datetime, text: bytes, leaf: bytes, desk: OverviewDesk) -> Antwoordbewijs:
    bare = Antwoordbewijs(id=id, staat=staat, ontvangen_op=at.astimezone(UTC), inhoud_hash=sha256(text).hexdigest(), logblad=leaf.hex())
    return msgspec.structs.replace(bare, handtekening=desk.signer.sign(bare))


def _found(connection: Link, principal: str, id: UUID) -> OneRow:
    row = creditor_rows.one(connection, principal, id)
    if row is None:
        raise NotFound
    return row


def reading(frame: Frame, row: OneRow, desk: OverviewDesk) -> SaldoverzoekGelezen:
    """The entry of a question that its creditor gets to read. Raises Forbidden: there is no purpose for it today."""
    return SaldoverzoekGelezen(
        **frame.fields(), gemeente=row.gemeente, overzicht=row.overzicht, saldoverzoek=row.id,
        doel=DOELEN[row.grond], rij=desk.reading(row.grond, "schuldeiser").id, registerversie=desk.purposes.version,
    )  # fmt: skip


def _without_content(row: OneRow) -> SeenRow:
    if row.state == "klant_onbekend":
        return SeenRow(row.id, row.state, row.asked, None, None, None, None, None)
    return SeenRow(row.id, row.state, row.asked, row.gemeente, row.grond, row.uiterlijk, row.reminded, row.withdrawn)


def seen(row: SeenRow | OneRow) -> dict[str, Any]:
    """The members of a question as its creditor sees it, at the door and in a file, but for what is in it."""
    return {
        "id": row.id,
        "staat": row.state,
        "gesteld_op": dutch_day(row.asked),
        "gemeente": row.gemeente,
        "grond": row.grond,
        "uiterlijk": row.uiterlijk,
        "herinnerd_op": dutch_day(row.reminded) if row.reminded else None,
        "ingetrokken_op": dutch_day(row.withdrawn) if row.withdrawn else None,
    }

"""The creditor's side: its messages, one message opened, and an answer.

A creditor sees its own messages and nothing that says whether, or how many, others got one. An answer counts through the end of the last
day, once; the same again gives the same receipt. It is sealed for the municipality before it is stored. Authority: contract, section on
arrangements. Leaves the rules to `replied`, states to `states`.
"""

from datetime import UTC, date, datetime
from hashlib import sha256
from typing import Any
from uuid import UUID

import msgspec

from gateway.core.chain import Sender, Trace
from gateway.core.clock import dutch_day
from gateway.core.errors import Conflict, NotFound
from gateway.overviews import envelopes
from gateway.overviews.answering import TOLD
from gateway.overviews.desk import OverviewDesk, require_log
from gateway.overviews.envelopes import Place, Stored
from gateway.privacylog import append
from gateway.privacylog.arrangements import RegelingberichtBeantwoord, RegelingberichtGelezen
from gateway.privacylog.entry import Frame
from gateway.regelingen import creditor_rows, kinds, replied, states
from gateway.regelingen.creditor_rows import Answer, HeldRow, Link, NamedRow, OneRow, SeenRow
from gateway.sealing.sealing import RETENTION
from gateway.store.tenant import parties
from schemas.identity import join
from schemas.regelingen import Partijstaat, Regelingantwoord, Regelingbericht, Regelingberichten, Regelingbewijs, Regelingsoort
from schemas.schuldenoverzicht import KlantOnbekend, Verzegeld
from schemas.strict import canonical


def page(
    principal: str, soort: Regelingsoort, after: UUID | None, limit: int, staat: Partijstaat | None, desk: OverviewDesk
) -> Regelingberichten:
    """The asker's messages of one kind above `after`, oldest first: without a state what asks for attention. `volgende` is an id."""
    with desk.ingest.transaction(parties(principal)) as connection:
        found = creditor_rows.page(connection, principal, soort, after, limit + 1, staat, desk.clock.now() - TOLD)
    shown = [Regelingbericht(**seen(row)) for row in found[:limit]]
    return Regelingberichten(berichten=shown, volgende=str(shown[-1].id) if len(found) > limit else None)


def message(sender: Sender, trace: Trace, soort: Regelingsoort, id: UUID, desk: OverviewDesk, *, disclose: bool) -> Regelingbericht:
    """One message; what is sealed in it while it is there, which is logged. Raises NotFound, Forbidden, Unavailable."""
    inhoud: Verzegeld | None = None
    with desk.ingest.transaction(parties(sender.principal)) as connection:
        row = creditor_rows.one(connection, sender.principal, soort, id)
        if row is None:
            raise NotFound
        if disclose and row.question is not None and desk.today <= row.einde:
            require_log(connection)
            inhoud = envelopes.release(Stored(row.question_key, row.question), Place(id, "vraag"), sender.principal, desk.keys)
            note_reading(connection, kinds.frame(soort, sender, trace, desk), row, desk)
    if inhoud is not None:
        desk.committed()
    return Regelingbericht(**seen(_without_content(row)), inhoud=inhoud)


def answer(
    sender: Sender, trace: Trace, soort: Regelingsoort, id: UUID, antwoord: Regelingantwoord, desk: OverviewDesk
) -> tuple[Regelingbewijs, bool]:
    """Answer a message; the flag is False for the same answer again.

    Raises:
        NotFound: no message of this creditor. Conflict: answered otherwise, too late, withdrawn. Invalid: an answer that is not right.
    """
    text = canonical(antwoord)
    fingerprint = desk.fingerprints().digest(join("regelingantwoord", str(id)) + text)
    with desk.ingest.transaction(parties(sender.principal)) as connection:
        held = creditor_rows.hold(connection, sender.principal, soort, id)
        if held is None:
            raise NotFound
        if held.answered is not None and held.content == fingerprint:
            return _receipt(id, soort, held.state, held.answered, text, held.leaf or b"", desk), False
        frame = kinds.frame(soort, sender, trace, desk)  # one look at the clock: what is in time is in time on its receipt
        state = _moved(soort, held, antwoord, dutch_day(frame.at))
        replied.check(soort, antwoord, desk.register().partner(sender.principal))
        stored = None if isinstance(antwoord, KlantOnbekend) else _sealed(held, id, text, desk)
        entry = RegelingberichtBeantwoord(
            **frame.fields(), gemeente=held.gemeente, soort=soort, regeling=held.regeling, regelingbericht=id, resultaat=state
        )
        leaf = append.append(connection, [entry])[0]
        creditor_rows.answer(connection, sender.principal, id, Answer(state, frame.at, fingerprint, entry.id, leaf, stored))
    desk.committed()
    return _receipt(id, soort, state, frame.at, text, leaf, desk), True


def _moved(soort: Regelingsoort, held: HeldRow, antwoord: Regelingantwoord, day: date) -> Partijstaat:
    """The state after this answer. Raises Conflict: it is not open (any more), or another kind of answer is asked."""
    if held.answered is not None:
        raise Conflict("AL_BEANTWOORD", "Dit bericht is al anders beantwoord; het eerste antwoord staat vast.")
    if held.state == "akkoord_vooraf":
        raise Conflict("AKKOORD_VOORAF", "Hiervoor geldt uw algemene afspraak; neem contact op met de gemeente.")
    if held.state == "ingetrokken":
        raise Conflict("BERICHT_INGETROKKEN", "De gemeente heeft dit bericht ingetrokken; een antwoord is niet meer nodig.")
    if held.state != "open" or day > held.einde:
        raise Conflict("TERMIJN_VERSTREKEN", "De laatste dag om te antwoorden is voorbij; neem contact op met de gemeente.")
    after = states.party_after(soort, held.state, replied.EVENTS[type(antwoord)])
    if after is None:
        raise Conflict("ANTWOORD_PAST_NIET", "Dit antwoord hoort niet bij dit soort bericht.")
    return after


def _sealed(held: HeldRow, id: UUID, text: bytes, desk: OverviewDesk) -> Stored:
    receiver = envelopes.municipality(held.gemeente, desk.register())
    return envelopes.seal(text, Place(id, "antwoord"), receiver, desk.today + RETENTION, desk.keys)


def _receipt(
    id: UUID, soort: Regelingsoort, staat: Partijstaat, at: datetime, text: bytes, leaf: bytes, desk: OverviewDesk
) -> Regelingbewijs:
    bare = Regelingbewijs(
        id=id, soort=soort, staat=staat, ontvangen_op=at.astimezone(UTC), inhoud_hash=sha256(text).hexdigest(), logblad=leaf.hex()
    )
    return msgspec.structs.replace(bare, handtekening=desk.signer.sign(bare))


def note_reading(connection: Link, frame: Frame, row: OneRow | NamedRow, desk: OverviewDesk) -> None:
    """On record, and a fact of the message: its creditor read it at the moment of `frame`. Raises Forbidden."""
    entry = RegelingberichtGelezen(**disclosed(frame, row, desk))
    append.append(connection, [entry])
    creditor_rows.opened(connection, frame.sender.principal, row.id, entry.id, frame.at)


def disclosed(frame: Frame, row: OneRow | NamedRow, desk: OverviewDesk) -> dict[str, Any]:
    """The members of an entry by which the content of a message goes out. Raises Forbidden: there is no purpose for it today."""
    return {
        **frame.fields(), "gemeente": row.gemeente, "soort": row.soort, "regeling": row.regeling, "regelingbericht": row.id,
        "doel": kinds.DOELEN[row.soort], "rij": kinds.reading(row.soort, "schuldeiser", desk).id,
        "registerversie": desk.purposes.version,
    }  # fmt: skip


def _without_content(row: OneRow) -> SeenRow:
    if row.state == "klant_onbekend":
        return SeenRow(row.id, row.soort, row.state, row.sent, *[None] * 8)
    return SeenRow(**{name: getattr(row, name) for name in SeenRow.__struct_fields__})


def seen(row: SeenRow | OneRow) -> dict[str, Any]:
    """The members of a message as its creditor sees it, at the door and in a file, but for what is in it."""
    return {
        "id": row.id,
        "soort": row.soort,
        "staat": row.state,
        "bezorgd_op": dutch_day(row.sent),
        "gemeente": row.gemeente,
        "grondslag": row.grondslag,
        "voorstel": row.voorstel,
        "begin": row.begin,
        "einde": row.einde,
        "herinnerd_op": dutch_day(row.reminded) if row.reminded else None,
        "geeindigd_op": dutch_day(row.ended) if row.ended else None,
        "ingetrokken_op": dutch_day(row.withdrawn) if row.withdrawn else None,
    }
